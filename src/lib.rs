//! counterpart
pub mod wire;
pub mod spec;
pub mod route;
pub mod decode;
pub mod validate;
pub mod store;
pub mod rules;
pub mod mock;
pub mod contract;
pub mod exchange;
pub mod host;
