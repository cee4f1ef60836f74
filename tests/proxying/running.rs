//! The command: what it says, and how it ends.

use super::{DOCUMENT, Real};
use crate::process::{Folder, run, start};
use crate::raw::request;
use rustix::process::Signal;

#[test]
fn it_tells_what_passes_and_ends_as_it_is_held_to() {
    let folder = Folder::of(&[("pets.yaml", DOCUMENT)]);
    let real = Real::json("200 OK", r#"[{"name": ""}]"#);
    let url = format!("http://127.0.0.1:{}", real.port);
    let arguments = ["proxy", "pets.yaml", "--upstream", &url];
    let more = [
        "--fail-on",
        "violations,unmatched",
        "--coverage",
        "all.json",
    ];
    let mut running = start(folder.path(), &[&arguments[..], &more].concat());
    assert_eq!(running.listening["upstream"], url);
    let close = "Connection: close\r\n";
    running
        .send(request("GET /pets?limit=x", close, ""))
        .is(200);
    let event = running.next_event();
    assert_eq!(event["violations"][0]["place"], "query limit");
    assert_eq!(event["replyViolations"][0]["place"], "body /0/name");
    running.send(request("GET /dogs", close, "")).is(200);
    running.signal(Signal::TERM);
    let (code, err) = running.wait();
    assert_eq!(code, Some(1), "{err}");
    for line in [
        "failed: 1 request broke the contract",
        "failed: 1 reply broke the contract",
        "failed: 1 request met no operation",
    ] {
        assert!(err.contains(line), "{err}");
    }
    let coverage = std::fs::read_to_string(folder.path().join("all.json")).expect("a file");
    let coverage: serde_json::Value = serde_json::from_str(&coverage).expect("JSON");
    assert_eq!(coverage["exchanges"], 2);
}

#[test]
fn a_wrong_upstream_or_several_documents_are_wrong_usage() {
    let folder = Folder::of(&[("specs/a.yaml", DOCUMENT), ("specs/b.yaml", DOCUMENT)]);
    for (arguments, why) in [
        (&["specs/a.yaml"][..], "--upstream"),
        (
            &["specs/a.yaml", "--upstream", "ftp://a.example"],
            "https://",
        ),
        (&["specs/a.yaml", "--upstream", "a.example"], "http://"),
        (&["specs", "--upstream", "http://a.example"], "2 documents"),
    ] {
        let ended = run(folder.path(), &[&["proxy"], arguments].concat());
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        assert!(ended.err.contains(why), "{}", ended.err);
    }
}

#[test]
fn a_folder_that_cant_be_recorded_into_is_told_before_anything_is_served() {
    let folder = Folder::of(&[("pets.yaml", DOCUMENT), ("file", "")]);
    let arguments = [
        "proxy",
        "pets.yaml",
        "--upstream",
        "http://127.0.0.1:9",
        "--record",
        "file/in",
    ];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(4), "{}", ended.err);
    assert!(
        ended.err.contains("file/in can't be written"),
        "{}",
        ended.err
    );
}
