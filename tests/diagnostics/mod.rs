//! What a person is shown who made a mistake in a document, a fixture or a rule: the file, the line
//! and column, the line itself with a caret, and what would mend it.
//!
//! A snapshot here is to be read as its reader would: is the caret under the mistake, and would
//! the last line have helped?

mod documents;
mod fixtures;
mod rules;

use crate::process::{Folder, run};

/// An API with a collection, for fixtures and rules.
const THINGS: &str = "\
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getThing
      responses:
        '200':
          description: The thing
          content:
            application/json:
              schema:
                type: object
                properties:
                  id: {type: string}
                  size: {type: integer, minimum: 1}
                  name: {type: string}
    patch:
      operationId: updateThing
      requestBody: {content: {application/json: {}}}
      callbacks:
        changed:
          'https://example.com': {post: {responses: {'200': {description: Taken}}}}
      responses: {'200': {description: The thing as it is now}}
  /boxes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getBox
      responses:
        '200':
          description: The box
          content:
            application/json:
              schema: {type: object, properties: {id: {}, kind: {enum: [large, small]}}}
";

/// What is printed where these files are served.
#[track_caller]
fn told(files: &[(&str, &str)]) -> String {
    let folder = Folder::of(&[]);
    for (name, text) in files {
        folder.write(name, text);
    }
    let ended = run(folder.path(), &["--port", "0", "--strict"]);
    let (code, out) = (ended.code, ended.out.as_str());
    assert_eq!((code, out), (Some(3), ""), "{}", ended.err);
    ended.err
}

/// A document alone.
fn document(text: &str) -> String {
    told(&[("specs/api.yaml", &plain(text))])
}

fn json(text: &str) -> String {
    told(&[("specs/api.json", &plain(text))])
}

/// Files beside a sound document.
fn fixtures(files: &[(&str, &str)]) -> String {
    let mut all = vec![("specs/api.yaml".to_owned(), THINGS.to_owned())];
    let path = |name: &str| format!("fixtures/api/{name}");
    all.extend(files.iter().map(|(name, text)| (path(name), plain(text))));
    let all: Vec<_> = all
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    told(&all)
}

/// Rules beside it, and one item.
fn rules(text: &str) -> String {
    fixtures(&[("things.yaml", "- id: a"), ("rules.yaml", text)])
}

/// The text without the indentation that it has here, tabs for `→` and carriage returns for `␍`.
fn plain(text: &str) -> String {
    let lines = || text.trim_start_matches('\n').trim_end_matches(' ').lines();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let said = lines().filter(|line| !line.trim().is_empty());
    let shared = said.map(indent).min().unwrap_or(0);
    let cut = lines().map(|line| format!("{}\n", line.get(shared..).unwrap_or("")));
    cut.collect::<String>()
        .replace('→', "\t")
        .replace('␍', "\r")
}
