//! counterpart
pub mod wire;
pub mod spec;
pub mod route;
pub mod decode;
pub mod validate;
