//! `counterpart.toml` in the folder that a command is run in: what its options are where neither
//! the command line nor a variable says it.
//!
//! A key is an option's name; those before any table are for every command that has the option,
//! those of a table (`[verify]`, `[fixtures.export]`) for the command of its name. What the file
//! says becomes the options' defaults, so that clap reads, checks and shows them as it does others.

mod commands;

use super::arguments::Arguments;
use super::style::Style;
use super::{diagnostic, exit};
use crate::spec::{LoadError, Place, Source, nearest};
use crate::wire::names_user;
use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches, Parser};
use commands::{
    all_commands, below, command_at, deepest, excluded_by, is_lacking, silent, typed, variable,
    without_value,
};
use std::error::Error;
use std::ffi::OsString;
use std::fs::Metadata;
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// The file.
const FILE: &str = "counterpart.toml";
/// Options that mean nothing without another. clap's `requires` looks at what is said in the
/// command line alone.
const NEEDS: [(&str, &str); 7] = [
    ("reset_state", "state"),
    ("write_baseline", "baseline"),
    ("tls_cert", "tls_key"),
    ("tls_key", "tls_cert"),
    ("tls_client_ca", "tls_cert"),
    ("client_cert", "client_key"),
    ("client_key", "client_cert"),
];
/// What is done where no command is named.
const USUAL: &str = "serve";
/// What clap tells of itself.
const HELP: [ErrorKind; 2] = [ErrorKind::DisplayHelp, ErrorKind::DisplayVersion];
/// How large the file may be.
const LARGEST: u64 = 1 << 20;
/// How many of its errors are told.
const TOLD: usize = 20;
/// How long a key may be that a near one is looked for.
const LONG: usize = 40;

impl Arguments {
    /// What this process is told: by its command line, else by its variables, else by
    /// `counterpart.toml`. Where one of them is wrong that is said, on standard error, and what
    /// comes out is the code to exit with.
    pub fn read() -> Result<Arguments, ExitCode> {
        let words: Vec<OsString> = std::env::args_os().collect();
        let told = File::read().and_then(|file| file.arguments(&words));
        match told {
            Ok(Ok(arguments)) => Ok(arguments),
            Ok(Err(error)) => discreet(error).exit(),
            Err(errors) => {
                // However wrong the file is, what takes nothing from it is there.
                match Arguments::try_parse_from(&words) {
                    Err(asked) if HELP.contains(&asked.kind()) => asked.exit(),
                    Ok(arguments) if arguments.is_about_itself() => return Ok(arguments),
                    _ => {}
                }
                let style = Style::of_stderr();
                let text = diagnostic::found(errors.iter(), true, style);
                let _ = std::io::stderr().write_all(text.as_bytes());
                Err(ExitCode::from(exit::USAGE))
            }
        }
    }
}

/// What the file says.
struct File {
    source: Arc<Source>,
    said: Vec<Said>,
}

/// What it says of one option.
struct Said {
    /// The command that it is for; each that has the option without.
    of: Option<String>,
    /// The option, as clap knows it.
    option: String,
    value: Value,
    at: Range<usize>,
}

enum Value {
    Flag(bool),
    One(String),
    Many(Vec<String>),
}

impl File {
    /// Reads the file where there is one.
    fn read() -> Result<File, Vec<LoadError>> {
        let path = Path::new(FILE);
        let none = Source::new(FILE, "");
        if path.symlink_metadata().is_err() {
            return File::of(Arc::new(none));
        }
        let is_large = |file: Metadata| file.is_file() && file.len() > LARGEST;
        let read = match path.metadata().is_ok_and(is_large) {
            true => {
                let message = "is larger than 1 MiB";
                Err(LoadError::new(&Arc::new(none), Place::File, message))
            }
            false => Source::read(path, FILE),
        };
        let source = read.map_err(|error| vec![error])?;
        File::of(Arc::new(source))
    }

    fn of(source: Arc<Source>) -> Result<File, Vec<LoadError>> {
        let mut file = File {
            source: Arc::clone(&source),
            said: Vec::new(),
        };
        let mut errors = Vec::new();
        match DeTable::parse(source.text()) {
            Ok(table) => file.take(table.get_ref(), None, &mut errors),
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                errors.push(file.error(Place::Span(at), error.message().to_owned()));
            }
        }
        match errors.is_empty() {
            true => Ok(file),
            false => Err(errors),
        }
    }

    /// Takes what a table says, which is for the one command, or for all.
    fn take(&mut self, table: &DeTable<'_>, of: Option<&str>, errors: &mut Vec<LoadError>) {
        for (key, value) in table {
            if errors.len() >= TOLD {
                return;
            }
            let at = key.span();
            let place = Place::Span(at.clone());
            if key.get_ref().contains('_') {
                let written = key.get_ref().replace('_', "-");
                let message = format!("keys are written as options are: `{written}`");
                errors.push(self.error(place, message));
                continue;
            }
            let option = key.get_ref().replace('-', "_");
            let value = match value.get_ref() {
                DeValue::Table(table) => {
                    let name = key.get_ref();
                    let of = of.map_or_else(|| name.to_string(), |of| format!("{of} {name}"));
                    match command_at(&Arguments::command(), &of) {
                        Some(_) => self.take(table, Some(&of), errors),
                        None => {
                            let message = format!("there is no command `{of}`");
                            errors.push(self.error(place, message));
                        }
                    }
                    continue;
                }
                DeValue::Boolean(flag) => Value::Flag(*flag),
                DeValue::Array(values) => {
                    let texts = values.iter().map(|value| text(value.get_ref()));
                    match texts.collect() {
                        Some(texts) => Value::Many(texts),
                        None => {
                            let message =
                                format!("`{key}` is a list of texts", key = key.get_ref());
                            errors.push(self.error(Place::Span(value.span()), message));
                            continue;
                        }
                    }
                }
                single => Value::One(text(single).unwrap_or_default()),
            };
            let of = of.map(str::to_owned);
            self.said.push(Said {
                of,
                option,
                value,
                at,
            });
        }
    }

    /// What the process is told, by its words first; an error of clap's where that is wrong, and
    /// those of the file where it is.
    fn arguments(
        &self,
        words: &[OsString],
    ) -> Result<clap::error::Result<Arguments>, Vec<LoadError>> {
        let usual = Arguments::command();
        let (path, typed) = typed(&usual, words);
        self.check()?;
        let named = command_at(&usual, &path).unwrap_or(&usual);
        let silent = silent(named, &typed);
        let set = named.get_arguments().filter(|arg| {
            let id = arg.get_id().as_str();
            variable(arg).is_some() && !silent.contains(&id)
        });
        let set = set.map(|arg| arg.get_id().as_str());
        let before: Vec<&str> = typed.iter().map(String::as_str).chain(set).collect();
        let said = self.counting(named, &path, &before);
        let mut command = with(usual.clone(), "", (&path, &said, &silent));
        let matches = match command.try_get_matches_from_mut(words) {
            Ok(matches) => matches,
            Err(error) => return Ok(Err(error)),
        };
        let inner = deepest(&matches).1;
        if let Some((option, needed)) = NEEDS.iter().find(|needs| is_lacking(inner, needs)) {
            let of_file = said.iter().find(|said| said.option == *option);
            let [option, needed] = [option, needed].map(|id| id.replace('_', "-"));
            return match of_file {
                Some(said) => {
                    let message = format!("`{option}` needs `{needed}`");
                    Err(vec![self.error(said.place(), message)])
                }
                None => {
                    let message = format!("--{option} needs --{needed}");
                    let mut named = named.clone();
                    Ok(Err(named.error(ErrorKind::MissingRequiredArgument, message)))
                }
            };
        }
        Ok(Arguments::from_arg_matches(&matches))
    }

    /// What of the file counts for the command at a path: of an option what is said for the command
    /// alone goes before what is said for all, and what was said `before` it, and excludes it, has
    /// it give way, with what needs it.
    fn counting(&self, command: &Command, path: &str, before: &[&str]) -> Vec<&Said> {
        let here = || self.said.iter().filter(|said| said.is_for(path));
        let argument = |said: &Said| said.argument(command, path);
        let excludes = |said: &Said, others: &[&str]| {
            let excluded = argument(said).map(|arg| excluded_by(arg, command));
            excluded.is_some_and(|excluded| excluded.iter().any(|id| others.contains(id)))
        };
        let own = here().filter(|said| said.of.is_some());
        let own: Vec<&str> = own.map(|said| said.option.as_str()).collect();
        let counts = |said: &Said| {
            let is_own = said.of.is_some();
            argument(said).is_some_and(|arg| said.wanted(arg).is_ok())
                && !excludes(said, before)
                && (is_own || !own.contains(&said.option.as_str()) && !excludes(said, &own))
        };
        let mut counting: Vec<&Said> = here().filter(|said| counts(said)).collect();
        let given_way: Vec<&str> = here()
            .filter(|said| !counts(said))
            .map(|said| said.option.as_str())
            .collect();
        counting.retain(|said| {
            let mut needs = NEEDS.iter().filter(|(option, _)| *option == said.option);
            !needs.any(|(_, needed)| given_way.contains(needed) && !own.contains(needed))
        });
        counting
    }

    /// Holds what is said against the options that there are.
    fn check(&self) -> Result<(), Vec<LoadError>> {
        let mut errors = Vec::new();
        let mut commands = Vec::new();
        all_commands(Arguments::command(), String::new(), &mut commands);
        for said in &self.said {
            let of = commands.iter().filter(|(path, _)| said.is_for(path));
            let has_it = of.clone();
            let has_it = has_it.filter_map(|(path, command)| said.argument(command, path));
            // Who shares an option may have other values for it: each takes what it can.
            let mut why_not = has_it.map(|argument| said.wanted(argument).err());
            let found = match why_not.next() {
                None => {
                    Some(self.unknown(said, of.flat_map(|(_, command)| command.get_arguments())))
                }
                Some(Some(why)) if why_not.all(|why| why.is_some()) => Some(why),
                Some(_) => self.excluded(said, &commands),
            };
            let mut options = commands
                .iter()
                .filter_map(|(path, c)| said.argument(c, path));
            let place = match options.any(Arg::is_hide_env_values_set) {
                // Its line would show the secret.
                true => Place::File,
                false => said.place(),
            };
            errors.extend(found.map(|why| self.error(place, why)));
            if errors.len() >= TOLD {
                break;
            }
        }
        match errors.is_empty() {
            true => Ok(()),
            false => Err(errors),
        }
    }

    /// That there is no such option, and which is near.
    fn unknown<'c>(&self, said: &Said, known: impl Iterator<Item = &'c Arg>) -> String {
        let option = said.option.replace('_', "-");
        let whose = match &said.of {
            Some(of) => format!("`{of}` has"),
            None => "there is".to_owned(),
        };
        let known: Vec<&str> = known.map(|arg| arg.get_id().as_str()).collect();
        let near = (option.len() <= LONG).then(|| nearest(&said.option, &known));
        let near = near.flatten().map(|near| near.replace('_', "-"));
        let near = near.map_or_else(String::new, |near| format!("; `{near}` is near"));
        format!("{whose} no option `{option}`{near}")
    }

    /// That what is said excludes what is said before it, for the same commands.
    fn excluded(&self, said: &Said, commands: &[(String, Command)]) -> Option<String> {
        let before = self
            .said
            .iter()
            .take_while(|other| !std::ptr::eq(*other, said));
        let before: Vec<&str> = before
            .filter(|other| other.of == said.of)
            .map(|other| other.option.as_str())
            .collect();
        let mut excluded = commands.iter().flat_map(|(path, command)| {
            let argument = said.argument(command, path);
            argument.map_or_else(Vec::new, |argument| excluded_by(argument, command))
        });
        let other = excluded.find(|id| before.contains(id))?;
        let [one, other] = [said.option.as_str(), other].map(|said| said.replace('_', "-"));
        Some(format!("`{one}` and `{other}` exclude each other"))
    }

    fn error(&self, place: Place, message: String) -> LoadError {
        LoadError::new(&self.source, place, message)
    }
}

impl Said {
    /// Whether it is for the command at a path, as long as that has the option.
    fn is_for(&self, path: &str) -> bool {
        let path = if path.is_empty() { USUAL } else { path };
        self.of.as_deref().is_none_or(|of| of == path)
    }

    /// The option of the command at a path that it is for.
    fn argument<'c>(&self, command: &'c Command, path: &str) -> Option<&'c Arg> {
        // What has to be said in its place isn't said elsewhere; what is hidden is there to be
        // refused.
        let is_open = |arg: &&Arg| {
            let is_fixed = arg.is_positional() && arg.is_required_set();
            !is_fixed && !arg.is_hide_set()
        };
        let mut known = command.get_arguments().filter(|_| self.is_for(path));
        known.find(|arg| arg.get_id() == self.option.as_str() && is_open(arg))
    }

    /// Where it is said.
    fn place(&self) -> Place {
        Place::Span(self.at.clone())
    }

    /// What the option is to be told, where it can be that.
    fn wanted(&self, arg: &Arg) -> Result<Vec<String>, String> {
        let texts = self.texts(arg)?;
        try_out(arg, &texts).map(|()| texts)
    }

    /// What the option is to be told, as texts.
    fn texts(&self, arg: &Arg) -> Result<Vec<String>, String> {
        let option = self.option.replace('_', "-");
        match (&self.value, arg.get_action()) {
            (Value::Flag(flag), ArgAction::SetTrue) => Ok(vec![flag.to_string()]),
            (_, ArgAction::SetTrue) => Err(format!("`{option}` is true or false")),
            (Value::Flag(_), _) => Err(format!("`{option}` is a text or a number")),
            (Value::One(text), _) => Ok(vec![text.clone()]),
            (Value::Many(texts), _) if texts.is_empty() => {
                Err(format!("`{option}` is an empty list"))
            }
            (Value::Many(texts), ArgAction::Append) => Ok(texts.clone()),
            (Value::Many(texts), _) if texts.len() == 1 => Ok(texts.clone()),
            (Value::Many(_), _) => Err(format!("`{option}` is one value")),
        }
    }
}

/// The command with what is said as the defaults of the options of that at `path`, without the
/// variables that don't count.
fn with(command: Command, here: &str, what: (&str, &[&Said], &[&str])) -> Command {
    let (path, said, silent) = what;
    let is_it = here == path;
    let command = command.mut_args(|arg| {
        let arg = match variable(&arg) {
            Some(_) if is_it && silent.contains(&arg.get_id().as_str()) => {
                arg.env(Resettable::Reset)
            }
            Some(_) => arg,
            // One that is empty is none.
            None => without_value(arg),
        };
        let told = said
            .iter()
            .find(|said| is_it && arg.get_id() == said.option.as_str());
        match told.map(|said| said.texts(&arg)) {
            Some(Ok(texts)) => {
                let is_secret = arg.is_hide_env_values_set();
                let arg = arg.default_values(texts).required(false);
                arg.hide_default_value(is_secret)
            }
            _ => arg,
        }
    });
    command.mut_subcommands(|inner| {
        let here = below(here, inner.get_name());
        with(inner, &here, what)
    })
}

/// An error of clap's that shows no secret: it shows the value that an option can't be.
fn discreet(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let mut commands = Vec::new();
    all_commands(Arguments::command(), String::new(), &mut commands);
    let mut options = commands.iter().flat_map(|(_, it)| it.get_arguments());
    let long = option.trim_start_matches("--").split([' ', '=']).next();
    let is_secret = |arg: &Arg| arg.is_hide_env_values_set() && arg.get_long() == long;
    let shows_user = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => names_user(value),
        _ => false,
    };
    if shows_user || options.any(is_secret) {
        let hidden = ContextValue::String("…".to_owned());
        error.insert(ContextKind::InvalidValue, hidden);
    }
    error
}

/// A scalar as it would be written in the command line.
fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// Why an option can't be what it is told to be, in clap's words.
fn try_out(arg: &Arg, texts: &[String]) -> Result<(), String> {
    let id = arg.get_id().clone();
    let mut alone = Arg::new(id)
        .action(arg.get_action().clone())
        .value_parser(arg.get_value_parser().clone())
        .default_values(texts.to_vec());
    if let Some(delimiter) = arg.get_value_delimiter() {
        alone = alone.value_delimiter(delimiter);
    }
    let command = Command::new(FILE)
        .no_binary_name(true)
        .arg(alone.long("value"));
    let words: [&str; 0] = [];
    let Err(error) = command.try_get_matches_from(words) else {
        return Ok(());
    };
    let option = arg.get_id().as_str().replace('_', "-");
    if arg.is_hide_env_values_set() {
        return Err(format!("`{option}` can't be that"));
    }
    let values = texts.join(", ");
    Err(match (error.source(), arg.get_possible_values()) {
        (Some(why), _) => format!("`{option}` can't be {values:?}: {why}"),
        (None, known) => {
            let known: Vec<&str> = known.iter().map(|known| known.get_name()).collect();
            format!(
                "`{option}` can't be {values:?}; it is one of {}",
                known.join(", ")
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_a_variable() {
        let mut commands = Vec::new();
        all_commands(Arguments::command(), String::new(), &mut commands);
        for (path, command) in &commands {
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                if !["help", "version"].contains(&id) && !arg.is_positional() && !arg.is_hide_set()
                {
                    let variable = arg.get_env().and_then(|name| name.to_str());
                    let is_named = variable.is_some_and(|name| name.starts_with("COUNTERPART_"));
                    assert!(is_named, "{path} --{id}: {variable:?}");
                }
            }
        }
    }
}
