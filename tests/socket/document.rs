//! The API that is asked where no state matters.

use crate::raw::{self, Served};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, ServerConfig};
use std::sync::Arc;

/// `/x` and `/first` tell themselves apart, `/long` answers at length, `/y` needs an integer `z`,
/// `/put` takes JSON or bytes. Any other path with one segment is answered too.
const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Small, version: '1'}
paths:
  /: {get: {responses: {'200': {description: Root}}}}
  /x:
    get: &named
      responses:
        '200':
          description: Its name
          content:
            application/json:
              schema: {type: object, required: [name]}
              example: {name: x}
        '404': {description: None}
    post: {responses: {'200': {description: Taken}}}
  /first:
    get:
      responses:
        '200':
          description: Its name
          content: {application/json: {example: {name: first}}}
  /long:
    get:
      responses:
        '200':
          description: Much
          content: {application/json: {example: {name: 'LONG'}}}
  /y:
    get:
      parameters: [{name: z, in: query, required: true, schema: {type: integer}}]
      responses: {'200': {description: Right}}
  /put:
    put:
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [a]}}
          application/octet-stream: {}
      responses: {'200': {description: Taken}}
  /{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: Any}}}
";

pub fn host() -> Arc<Host> {
    let text = DOCUMENT.replace("LONG", &"x".repeat(8000));
    let contract = Contract::from_text("small.yaml", &text).unwrap_or_else(|e| panic!("{e}"));
    Arc::new(Host::new(vec![("small".to_owned(), contract)]))
}

pub fn serve(config: ServerConfig) -> Served {
    raw::serve(host(), config)
}

pub fn serve_within(limits: Limits) -> Served {
    serve(ServerConfig {
        limits,
        ..ServerConfig::default()
    })
}
