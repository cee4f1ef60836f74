use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    counterpart::cli::run(counterpart::cli::Arguments::parse())
}
