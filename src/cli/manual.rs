//! What is made of the arguments' own description: completions for shells, manual pages.

use super::arguments::Arguments;
use super::exit;
use super::style::clean;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Prints what lets a shell complete the commands.
pub(super) fn completions(shell: Shell) -> ExitCode {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "counterpart", &mut out);
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(&out);
    ExitCode::SUCCESS
}

/// Prints the manual page, or writes one for each command to a folder.
pub(super) fn pages(folder: Option<&Path>) -> ExitCode {
    let command = Arguments::command();
    let written = match folder {
        Some(folder) => {
            std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder))
        }
        None => {
            let mut out = Vec::new();
            let made = clap_mangen::Man::new(command).render(&mut out);
            let _ = std::io::stdout().write_all(&out);
            made
        }
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let why = clean(&why.to_string());
            let _ = writeln!(
                std::io::stderr(),
                "error: the pages can't be written: {why}"
            );
            ExitCode::from(exit::CANNOT_SERVE)
        }
    }
}
