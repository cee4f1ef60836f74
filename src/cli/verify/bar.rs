use super::tell;
use crate::cli::style::clean;
use crate::verify::Progress;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

/// How far it is, at a terminal.
pub(super) struct Bar {
    name: String,
    is_shown: bool,
    shown: Mutex<usize>,
}

impl Bar {
    pub fn new(name: &str) -> Bar {
        Bar {
            name: clean(name),
            is_shown: std::io::stderr().is_terminal(),
            shown: Mutex::new(0),
        }
    }

    pub fn show(&self, progress: Progress) {
        const WIDTH: usize = 24;
        if !self.is_shown {
            return;
        }
        let full = WIDTH * progress.done / progress.all.max(1);
        let line = format!(
            "{} [{}{}] {}/{} operations, {} requests, {} found",
            self.name,
            "=".repeat(full),
            " ".repeat(WIDTH - full),
            progress.done,
            progress.all,
            progress.requests,
            progress.findings
        );
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let blank = shown.saturating_sub(line.chars().count());
        tell(&format!("\r{line}{}", " ".repeat(blank)));
        *shown = line.chars().count();
    }

    pub fn clear(&self) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_shown {
            tell(&format!("\r{}\r", " ".repeat(*shown)));
        }
    }
}
