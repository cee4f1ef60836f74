//! counterpart stands in for an HTTP API: it loads the API's OpenAPI document, judges what clients
//! send against it, and answers from fixtures and live state with documented replies.
//!
//! ```
//! use counterpart::contract::Contract;
//! use counterpart::wire::{Method, Request, StatusCode};
//!
//! let contract = Contract::from_text("hello.yaml", r#"
//! openapi: 3.1.0
//! info: {title: Hello, version: '1'}
//! paths:
//!   /hello:
//!     get:
//!       parameters: [{name: name, in: query, required: true, schema: {type: string}}]
//!       responses:
//!         '200':
//!           description: A greeting.
//!           content: {application/json: {example: {hello: world}}}
//! "#)?;
//! let exchange = contract.answer(Request::new(Method::GET, "/hello?name=you"));
//! assert_eq!(exchange.reply.body, r#"{"hello":"world"}"#);
//! let exchange = contract.answer(Request::new(Method::GET, "/hello"));
//! assert_eq!(exchange.reply.status, StatusCode::UNPROCESSABLE_ENTITY);
//! # Ok::<(), counterpart::spec::LoadErrors>(())
//! ```
//!
//! # The house
//!
//! Two spines: [`contract`] runs once and gives a [`contract::Contract`]; [`exchange`] runs per
//! request and names every step of its trip. A folder imports only folders above it, and each
//! heavy crate has one door.
//!
//! | folder | job | door for |
//! |---|---|---|
//! | `wire` | words of HTTP | http, bytes |
//! | `spec` | text into a document | openapiv3, granit-parser, fluent-uri, regex |
//! | `diff` | what two documents say otherwise | |
//! | `route` | which operation a path means | |
//! | `decode` | text into values: parameters, bodies, where credentials are | quick-xml, flate2, brotli-decompressor |
//! | `encode` | values into bodies, header fields, parameters | ring, md5 |
//! | `validate` | values against schemas | jsonschema, fancy-regex |
//! | `access` | who asks, and whether they may | ring, md5 |
//! | `sample` | schemas into values | regex-syntax |
//! | `faults` | what is done on purpose: delays, faults, statuses | |
//! | `store` | what the mock remembers | arc-swap, foldhash, redb, redis, ring |
//! | `rules` | what a schema can't say | cel, regex, rrule, language-tags, chrono-tz |
//! | `mock` | which action, response and body | arc-swap |
//! | `contract`, `exchange`, `host` | the spines, and contracts side by side | |
//! | `coverage` | what of the contracts was sent | |
//! | `verify` | a real server, exercised and judged | |
//! | `docs` | contracts into pages | maud, pulldown-cmark |
//! | `server` | sockets, limits, control plane | axum, hyper, tokio, rustls, arc-swap, memchr, utoipa, utoipa-swagger-ui |
//! | `cli` | arguments, rendering, exit codes | clap, clap_complete, clap_mangen, toml, annotate-snippets |
#![warn(missing_docs)]

mod access;
#[doc(hidden)]
pub mod cli;
pub mod contract;
mod coverage;
mod decode;
pub mod diff;
mod docs;
mod encode;
pub mod exchange;
pub mod faults;
pub mod host;
mod mock;
mod route;
mod rules;
mod sample;
pub mod server;
pub mod spec;
#[doc(hidden)]
pub mod store;
pub mod validate;
pub mod verify;
pub mod wire;
