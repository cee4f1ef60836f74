//! What a user sees: one binary, a file for each capability.

mod appointments;
mod bodies;
mod bookings;
mod check;
mod cli;
mod collections;
mod contracts;
mod control;
mod diagnostics;
mod documents;
mod harness;
mod hostile;
mod layers;
mod live;
mod loading;
mod mutations;
mod parameters;
mod process;
mod raw;
mod readme;
mod references;
mod routing;
mod socket;
mod versions;
mod workspace;
