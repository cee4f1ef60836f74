//! counterpart
pub mod cli;
pub mod contract;
pub mod decode;
pub mod exchange;
pub mod host;
pub mod mock;
pub mod route;
pub mod rules;
pub mod server;
pub mod spec;
pub mod store;
pub mod validate;
pub mod wire;
