//! Texts that would run, if anything let them: of a contract, of requests, of what is stored.

use super::browser::Browser;
use crate::process::Folder;
use crate::raw::{request, serve};
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use serde_json::json;
use std::sync::Arc;

const BAD: &str = "</script></textarea></template><script>hacked=1</script><img src=x onerror=hacked=1>\"'><svg onload=hacked=1>";

#[test]
#[ignore = "needs Chromium"]
fn nothing_of_what_contracts_and_clients_say_runs_on_a_page() {
    let example = json!({"name": BAD, BAD: BAD});
    let parameter = |place: &str, name: &str| {
        json!({"name": name, "in": place, "required": place == "path", "description": BAD, "example": BAD,
            "schema": {"type": "string", "enum": [BAD, "a"]}})
    };
    let schema = json!({"title": BAD, "description": BAD, "type": "object", "required": ["name"],
        "properties": {"name": {"type": "string", "maxLength": 200, "pattern": "^[^~]*$", "description": BAD},
            BAD: {"type": "string"}}});
    let body = json!({"description": BAD, "content": {"application/json": {"schema": schema, "examples": {BAD: {"value": example}}}}});
    let html = json!({"description": BAD, "content": {"text/html": {"schema": {"type": "string"}, "example": BAD}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": BAD, "version": BAD, "description": BAD},
        "tags": [{"name": BAD, "description": BAD}],
        "paths": {
            "/things/{id}": {"put": {
                "operationId": "put", "summary": BAD, "description": BAD, "tags": [BAD],
                "security": [{BAD: ["things"]}],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}, "example": "1"},
                    parameter("query", BAD), parameter("header", "X-Bad")],
                "requestBody": body, "responses": {"200": body, "201": body, "404": body},
            }},
            "/page": {"get": {"operationId": "page", "responses": {"200": html}}},
        },
        "components": {"securitySchemes": {BAD: {"type": "http", "scheme": "bearer", "description": BAD}}},
    });
    let folder = Folder::of(&[("bad.json", &document.to_string())]);
    let host = Host::load(&[folder.path().join("bad.json")]);
    let host = host.unwrap_or_else(|errors| panic!("{errors}"));
    let served = serve(Arc::new(host), ServerConfig::default());
    let base = served.server.url();
    let mut page = Browser::start();
    let is_sound = |page: &mut Browser, what: &str| {
        assert_eq!(page.value("typeof hacked"), "undefined", "{what}");
        assert_eq!(page.complaints, [""; 0], "{what}");
    };
    for path in [
        "index.html",
        "endpoints.html",
        "auth.html",
        "errors.html",
        "bad/index.html",
        "bad/put.html",
    ] {
        page.go(&format!("{base}/_counterpart/docs/{path}"));
        is_sound(&mut page, path);
    }
    let token = "document.querySelector('[data-kind=bearer]').value";
    page.until("document.querySelector('#try textarea').value.includes('hacked')");
    page.press_on("#try .send");
    page.until("document.querySelector('.reply .st')");
    assert!(
        page.value(token)
            .as_str()
            .is_some_and(|token| token.starts_with("ey"))
    );
    is_sound(&mut page, "a valid request");
    page.write(
        "[name=body]",
        &json!({"name": format!("~{BAD}"), BAD: 1}).to_string(),
    );
    page.press_on("#try .send");
    page.until("document.querySelectorAll('.reply .problem').length === 2");
    is_sound(&mut page, "an invalid request");

    served.send(request(
        "GET /nowhere/%3Cscript%3Ehacked=1%3C/script%3E?a=%3Cimg%20src=x%20onerror=hacked=1%3E",
        "Connection: close\r\nX-Bad: <img src=x onerror=hacked=1>\r\n",
        "",
    ));
    page.go(&format!("{base}/_counterpart/"));
    page.until("document.querySelectorAll('.rows tbody tr').length === 3");
    for number in ["1", "2", "3"] {
        page.go(&format!("{base}/_counterpart/#exchange/{number}"));
        page.until(&format!(
            "document.querySelector('.one p')?.textContent.includes('exchange {number}')"
        ));
        page.until("document.querySelector('.one .code')");
        is_sound(&mut page, number);
    }
    for view in [
        "state",
        "state/bad/things",
        "state/bad/things/1",
        "coverage",
        "sandboxes",
    ] {
        page.go(&format!("{base}/_counterpart/#{view}"));
        page.until(&format!(
            "document.querySelector('#view-{} h1')",
            view.split('/').next().unwrap_or("")
        ));
        is_sound(&mut page, view);
    }

    // What runs on a contract's own page has none of the rights of the control plane's.
    page.go(&format!("{base}/page"));
    assert_eq!(page.value("self.origin"), "null");
    let reset = "fetch('/_counterpart/reset', {method: 'POST'}).then((reply) => String(reply.status), () => 'refused')";
    assert_ne!(page.value(reset), "204");
}
