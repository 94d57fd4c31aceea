// Debian builds libxml2 with ICU, whose headers collide with the ICU inside Foundation.
// Without this definition libxml2's headers name no ICU type; only the (unused)
// encoding-handler struct differs, and nothing here touches it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
