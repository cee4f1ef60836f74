//! The form on an operation's page: what it is filled with, and what it sends.

use super::browser::Browser;
use crate::process::Folder;
use crate::raw::{serve, serve_shipped};
use counterpart::contract::{AuthMode, AuthSettings, Loading};
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use std::sync::Arc;

#[test]
#[ignore = "needs Chromium"]
fn an_item_that_is_gone_gives_way_to_one_that_is_there() {
    let served = serve_shipped(ServerConfig::default());
    let base = served.server.url();
    let mut page = Browser::start();
    let operation = format!("{base}/_counterpart/docs/live/update-live-session.html");
    page.go(&operation);
    let filled = "document.querySelector('[name=\"path.id\"]').value";
    let gone = "11111111-1111-4111-8111-111111111111";
    assert_eq!(page.value(filled), gone);
    let form = "document.querySelector('#try form').dataset";
    let taken = page.value(&format!(
        "fetch(`/_counterpart/state/${{{form}.api}}/${{{form}.collection}}/{gone}`, {{method: 'DELETE'}}).then(({{status}}) => status)"
    ));
    assert_eq!(taken, 204);
    page.go(&operation);
    page.until(&format!("{filled} !== '{gone}'"));
    let key = page.value(filled);
    let key = key.as_str().expect("a text");
    assert!(page.text("#samples").contains(key));
    assert!(!page.text("#samples").contains(gone));
    page.press_on("#try .send");
    page.until("document.querySelector('.reply .st')?.textContent === '200'");
}

#[test]
#[ignore = "needs Chromium"]
fn the_challenge_of_digest_is_answered() {
    let document = "openapi: 3.1.0
info: {title: 'The \"D\" API', version: '1'}
security: [{digest: []}]
paths: {/x: {get: {operationId: x, parameters: [{name: q, in: query, required: true, schema: {type: string}, example: a b}], responses: {'204': {description: Right}}}}}
components: {securitySchemes: {digest: {type: http, scheme: digest}}}
";
    let folder = Folder::of(&[("d.yaml", document)]);
    let auth = AuthSettings {
        mode: AuthMode::Verify,
        credentials: vec![("digest".to_owned(), "Mufasa:Circle of Life".to_owned())],
        ..AuthSettings::default()
    };
    let loading = Loading {
        auth,
        ..Loading::default()
    };
    let host = Host::load_with(&[folder.path().join("d.yaml")], &loading);
    let host = host.unwrap_or_else(|errors| panic!("{errors}"));
    let served = serve(Arc::new(host), ServerConfig::default());
    let mut page = Browser::start();
    page.go(&format!(
        "{}/_counterpart/docs/d/x.html",
        served.server.url()
    ));
    page.write("[data-kind=digest]", "Mufasa:Circle of Life");
    page.press_on("#try .send");
    page.until("document.querySelector('.reply .st')?.textContent === '204'");
    page.write("[data-kind=digest]", "Mufasa:another");
    page.press_on("#try .send");
    page.until("document.querySelector('.reply .st')?.textContent === '401'");
}
