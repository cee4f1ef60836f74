//! What comes along with the binary: completions, manual pages, and what an image waits for.

use crate::process::{Folder, checkout, run, start};
use std::fs;
use std::process::Command;

#[test]
fn every_shell_gets_completions_of_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = run(checkout(), &["completions", shell]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{shell}");
        for word in ["check", "diff", "docs", "--port"] {
            let word = if shell == "fish" {
                word.trim_start_matches('-')
            } else {
                word
            };
            assert!(ended.out.contains(word), "{word} for {shell}");
        }
    }
}

#[test]
fn there_is_a_manual_page_and_one_for_each_command() {
    let ended = run(checkout(), &["man"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.contains(".TH counterpart 1"), "{}", ended.out);
    let folder = Folder::of(&[]);
    assert_eq!(run(folder.path(), &["man", "--out", "pages"]).code, Some(0));
    for page in [
        "counterpart.1",
        "counterpart-check.1",
        "counterpart-serve.1",
    ] {
        let text = fs::read_to_string(folder.path().join("pages").join(page));
        assert!(text.is_ok_and(|text| text.contains(".TH")), "{page}");
    }
    folder.write("file", "");
    let ended = run(folder.path(), &["man", "--out", "file"]);
    assert_eq!(ended.code, Some(4));
    assert!(
        ended.err.starts_with("error: the pages can't be written: "),
        "{}",
        ended.err
    );
}

#[test]
fn a_server_is_waited_for_until_it_answers_and_no_longer_than_that() {
    let folder = Folder::of(&[(
        "a.yaml",
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\n",
    )]);
    let running = start(folder.path(), &["a.yaml"]);
    let url = format!("http://127.0.0.1:{}", running.port);
    let ended = run(folder.path(), &["wait", &url]);
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (Some(0), "", "")
    );
    // Without an address, the one that the same settings have `serve` listen on is asked.
    let ended = Command::new(env!("CARGO_BIN_EXE_counterpart"))
        .args(["wait", "--timeout", "5"])
        .env("COUNTERPART_PORT", running.port.to_string())
        .status();
    assert!(ended.expect("it runs").success());
    drop(running);
    let ended = run(folder.path(), &["wait", &url, "--timeout", "0"]);
    assert_eq!(ended.code, Some(1));
    let told = format!("error: {url} isn't there after 0 s: ");
    assert!(ended.err.starts_with(&told), "{}", ended.err);
    let ended = run(folder.path(), &["wait", "nonsense", "--timeout", "0"]);
    assert!(ended.err.contains("http://"), "{}", ended.err);
}
