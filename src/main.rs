use std::process::ExitCode;

fn main() -> ExitCode {
    match counterpart::cli::Arguments::read() {
        Ok(arguments) => counterpart::cli::run(arguments),
        Err(code) => code,
    }
}
