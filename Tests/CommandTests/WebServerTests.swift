import EventTesting
import Foundation
import Testing

@Suite(
    .timeLimit(.minutes(1)),
    .enabled(if: Nginx.isInstalled, "nginx is not installed (apt-get install nginx-light): skipped")
)
struct `A static copy` {
    @Test func `behind nginx is followed`() async throws {
        try await TemporaryFolder.with { folder in
            let server = try await TestServer.start(
                store: folder.path("store.db"),
                ["--page-size", "10"]
            )
            defer { server.child.send(SIGKILL) }
            let (target, copy) = (folder.path("published"), folder.path("copy.db"))
            _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(25))
            _ = try await Command.run("export", server.url, target)
            try await server.stop()
            // The port was free a moment ago.
            let nginx = try Nginx.start(folder, root: target, port: server.port)
            defer { nginx.send(SIGKILL) }
            try await eventually("nginx", within: .seconds(30)) {
                try await server.get("/feed.atom").status == 200
            }

            for (count, total) in [(0, 25), (7, 32)] {
                if count > 0 {
                    let again = try await TestServer.start(store: server.store)
                    defer { again.child.send(SIGKILL) }
                    let lines = Input.lines(count, from: 26)
                    _ = try await Command.run("append", again.url, "--ndjson", input: lines)
                    _ = try await Command.run("export", again.url, target)
                }
                let arguments = ["subscribe", server.url, "--into", copy, "--until-caught-up"]
                let followed = try await Child.start(arguments).outcome()
                #expect(followed.status == 0, "\(followed.error)\(nginx.error)")
                #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["\(total)"])
            }
        }
    }
}

/// A plain web server, where there is one.
enum Nginx {
    static var isInstalled: Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")
    }

    /// Starts it in the foreground, in one process, with the files of a folder.
    static func start(_ folder: Folder, root: String, port: String) throws -> Child {
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder.path($0));" }
        let text = """
            daemon off;
            master_process off;
            pid \(folder.path("nginx.pid"));
            error_log stderr;
            events {}
            http {
                access_log off;
                \(places.joined(separator: "\n    "))
                types { application/atom+xml atom; }
                server {
                    listen 127.0.0.1:\(port);
                    root \(root);
                    index feed.atom;
                }
            }
            """
        let file = try folder.write(text, to: "nginx.conf")
        return try Child.start(["-e", "stderr", "-c", file], program: "/usr/sbin/nginx")
    }
}
