//! The pages in a real browser: what a person does there, and whether anyone can do it.

mod browser;
mod hostile;
mod looks;
mod swagger;
mod trying;
mod walk;
