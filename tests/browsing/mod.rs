//! The pages in a real browser: what a person does there, and whether anyone can do it.

mod browser;
mod looks;
mod walk;
