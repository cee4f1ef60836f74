use super::{Place, Source};
use std::fmt;
use std::sync::Arc;

/// Something in a file that keeps counterpart from doing its job, with its place.
///
/// Rendering it with the line and a caret is the command line's part; `Display` gives
/// `file:line:column: message`.
#[derive(Debug, Clone)]
pub struct LoadError {
    /// The file, with its text.
    pub source: Arc<Source>,
    /// Where in it.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What would mend it, where that is known.
    pub help: Option<String>,
}

impl LoadError {
    /// An error at a place of a file.
    pub fn new(source: &Arc<Source>, place: Place, message: impl Into<String>) -> LoadError {
        LoadError {
            source: Arc::clone(source),
            place,
            message: message.into(),
            help: None,
        }
    }

    /// The same error with a sentence on what would mend it.
    pub fn with_help(mut self, help: impl Into<String>) -> LoadError {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::File => write!(f, "{}: {}", self.source.name(), self.message),
            _ => {
                let (line, column) = self.source.position(&self.place);
                write!(
                    f,
                    "{}:{line}:{column}: {}",
                    self.source.name(),
                    self.message
                )
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// Everything that was found wrong in one load, never empty.
#[derive(Debug, Clone)]
pub struct LoadErrors(pub Vec<LoadError>);

impl From<LoadError> for LoadErrors {
    fn from(error: LoadError) -> LoadErrors {
        LoadErrors(vec![error])
    }
}

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadErrors {}
