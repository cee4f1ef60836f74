//! Whether anyone can read and use the pages: what axe finds (WCAG 2.2 A and AA, best practices),
//! on wide and narrow windows, light and dark, and whether anything is wider than the window.

use super::browser::Browser;
use crate::process::checkout;
use crate::raw::{Served, request, serve_shipped};
use counterpart::server::ServerConfig;
use serde_json::json;
use std::fs;

/// Where `.ci/axe` puts it.
const AXE: &str = "target/axe/axe.min.js";

/// What of the rules is asked for.
const RUN: &str = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})\
     .then(({violations}) => violations.map(({id, nodes}) => id + ': ' + nodes.map(({target}) => target).join(', ')))";

fn ask(served: &Served, line: &str, fields: &str, body: &str) {
    served.send(request(
        line,
        &format!("Connection: close\r\n{fields}"),
        body,
    ));
}

#[test]
#[ignore = "needs Chromium, and axe from .ci/axe"]
fn the_pages_are_for_everyone_on_every_window() {
    let axe = fs::read_to_string(checkout().join(AXE));
    let axe = axe.expect("axe isn't there: bash .ci/axe fetches it");
    let served = serve_shipped(ServerConfig::default());
    let base = served.server.url();
    let one = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";
    let json = "Content-Type: application/json\r\n";
    ask(
        &served,
        &format!("PATCH {one}"),
        json,
        r#"{"title": "", "kind": "podcast"}"#,
    );
    ask(&served, &format!("GET /@suite-1{one}"), "", "");
    ask(&served, "GET /nowhere/%3Cscript%3E", "", "");
    let mut page = Browser::start();
    for (path, ready) in [
        ("docs/index.html", "h1"),
        ("docs/endpoints.html", "h1"),
        ("docs/auth.html", "h1"),
        ("docs/errors.html", "h1"),
        ("docs/live/index.html", "h1"),
        ("docs/live/update-live-session.html", ".send"),
        ("docs/live/schemas/index.html", "h1"),
        ("docs/nothing.html", "h1"),
        ("", ".rows tbody tr"),
        ("#exchange/1", ".one .problem"),
        ("#exchange/3", ".one h3"),
        ("#sandboxes", "#view-sandboxes table"),
        ("#coverage", "#view-coverage progress"),
        ("#state", "#view-state table"),
        ("#state/live/sessions", "#view-state table"),
        (
            "#state/live/sessions/11111111-1111-4111-8111-111111111111",
            "textarea",
        ),
    ] {
        page.go(&format!("{base}/_counterpart/{path}"));
        page.until(&format!("document.querySelector('{ready}')"));
        for (width, theme) in [
            (1280, "light"),
            (1280, "dark"),
            (390, "dark"),
            (390, "light"),
        ] {
            page.look(width, theme);
            let looked = format!("{path} at {width}, {theme}");
            if page.value("typeof axe") != "object" {
                page.value(&format!("{axe};0"));
            }
            assert_eq!(page.value(RUN), json!([]), "{looked}");
            let is_over = "document.scrollingElement.scrollWidth > innerWidth";
            assert_eq!(page.value(is_over), json!(false), "{looked} is too wide");
        }
    }
    assert_eq!(page.complaints, [""; 0]);
}
