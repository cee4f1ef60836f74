//! What a user sees: one binary, a file for each capability.

mod appointments;
mod bookings;
mod harness;
mod live;
mod workspace;
