//! What a user sees: one binary, a file for each capability.

mod harness;
