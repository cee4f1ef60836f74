//! Values made for schemas.
//!
//! Takes a schema and a seed; gives a value that is valid, or says why there is none. What is made
//! looks like what its names say.

#![allow(dead_code)] // Until `mock` calls it.

mod draw;
mod text;
mod names;
