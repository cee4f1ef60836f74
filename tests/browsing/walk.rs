use super::browser::Browser;
use crate::raw::serve_shipped;
use counterpart::server::ServerConfig;

#[test]
#[ignore = "needs Chromium"]
fn an_operation_is_searched_tried_refused_mended_and_seen_in_the_inspector() {
    let served = serve_shipped(ServerConfig::default());
    let base = served.server.url();
    let mut page = Browser::start();
    page.go(&format!("{base}/_counterpart/docs/index.html"));

    // Search, with keys alone.
    page.press("/");
    page.until("document.activeElement.type === 'search'");
    page.command(
        "Input.insertText",
        serde_json::json!({"text": "update live"}),
    );
    page.until("document.querySelector('.found a')");
    page.press("Enter");
    page.until("location.pathname.endsWith('/live/update-live-session.html') && document.readyState === 'complete'");
    page.until("document.querySelector('#try form')");

    // A request that breaks the contract.
    let bad = "{\n  \"title\": \"\",\n  \"max_participants\": 1.5\n}";
    page.write("[name=body]", bad);
    page.press_on("#try .send");
    page.until("document.querySelectorAll('.reply .problem').length === 2");
    let told = page.text("#try .reply");
    for said in [
        "422 Unprocessable Content",
        "2 problems with the request.",
        "body /title, line 2",
        "needs at least 1 character, got \"\"",
        "minLength: 1",
        "body /max_participants, line 3",
        "specs/live.yaml:",
    ] {
        assert!(told.contains(said), "{said:?} in {told}");
    }
    let link = "document.querySelector('.reply .problem a').hash";
    assert_eq!(page.value(link), "#body.title");
    page.until("document.getElementById('body.title')");
    page.press_on(".reply .problem .where");
    let chosen = "(() => { const it = document.activeElement; return it.value.slice(it.selectionStart, it.selectionEnd); })()";
    assert_eq!(page.value(chosen), "\"\"");

    // Mended, it is taken, and what it is of has a tag that the next change is bound to.
    page.write("[name=body]", "{\"title\": \"Evening flow, mended\"}");
    page.press_on("#try .send");
    page.until("document.querySelector('.reply .st')?.textContent === '200'");
    let told = page.text("#try .reply");
    assert!(
        told.contains("The request is as the contract has it."),
        "{told}"
    );
    assert!(told.contains("Evening flow, mended"), "{told}");
    let tag = page.value("document.querySelector('[name=\"header.If-Match\"]').value");
    assert!(
        tag.as_str().is_some_and(|tag| tag.starts_with('"')),
        "{tag}"
    );

    // Both are in the inspector, the newest first.
    page.press_on(".reply a[href^='/_counterpart/#exchange']");
    page.until("document.querySelector('.one h3')");
    let one = page.text(".one");
    assert!(one.contains("valid") && one.contains("200"), "{one}");
    let rows = "[...document.querySelectorAll('.rows tbody tr')].map((row) => [row.querySelector('.state').textContent, row.querySelector('.st').textContent].join(' '))";
    assert_eq!(
        page.value(rows),
        serde_json::json!(["valid 200", "invalid 422"])
    );
    page.press_on(".rows tbody tr:nth-child(2) a");
    page.until("document.querySelectorAll('.one .problem').length === 2");
    let one = page.text(".one");
    for said in [
        "2 problems",
        "← needs at least 1 character, got \"\"",
        "Why this reply",
        "Prefer: code=404",
    ] {
        assert!(one.contains(said), "{said:?} in {one}");
    }

    // What others send shows by itself.
    served.send("GET /live/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    page.until("document.querySelector('.rows tbody tr .state').textContent === 'unmatched'");

    assert_eq!(page.complaints, [""; 0]);
    let others: Vec<&String> = page
        .asked
        .iter()
        .filter(|url| !url.starts_with(&base) && !url.starts_with("data:"))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}
