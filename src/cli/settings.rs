//! `counterpart.toml` in the folder that a command is run in: what its options are where neither
//! the command line nor a variable says it.
//!
//! A key is an option's name; those before any table are for every command that has the option,
//! those of a table (`[verify]`, `[fixtures.export]`) for the command of its name. What the file
//! says becomes the options' defaults, so that clap reads, checks and shows them as it does others.

use super::arguments::Arguments;
use super::style::Style;
use super::{diagnostic, exit};
use crate::spec::{LoadError, Place, Source, nearest};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use std::error::Error;
use std::ffi::OsString;
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
/// Options that take each other back.
const OPPOSITES: [&str; 2] = ["watch", "no_watch"];
/// What is done where no command is named.
const USUAL: &str = "serve";

impl Arguments {
    /// What this process is told: by its command line, else by its variables, else by
    /// `counterpart.toml`. Where one of them is wrong that is said, on standard error, and what
    /// comes out is the code to exit with.
    pub fn read() -> Result<Arguments, ExitCode> {
        let words: Vec<OsString> = std::env::args_os().collect();
        let file = File::read().and_then(|file| file.arguments(&words));
        match file {
            Ok(Ok(arguments)) => Ok(arguments),
            Ok(Err(error)) => error.exit(),
            Err(errors) => {
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
        let is_there = Path::new(FILE).symlink_metadata().is_ok();
        let source = match is_there {
            true => Source::read(Path::new(FILE), FILE).map_err(|error| vec![error])?,
            false => Source::new(FILE, ""),
        };
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
                errors.push(file.error(at, error.message().to_owned()));
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
            let at = key.span();
            let option = key.get_ref().replace('-', "_");
            let value = match value.get_ref() {
                DeValue::Table(table) => {
                    let name = key.get_ref();
                    let of = of.map_or_else(|| name.to_string(), |of| format!("{of} {name}"));
                    match command_at(&Arguments::command(), &of) {
                        Some(_) => self.take(table, Some(&of), errors),
                        None => {
                            let message = format!("there is no command `{of}`");
                            errors.push(self.error(at, message));
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
                            errors.push(self.error(value.span(), message));
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
        self.check()?;
        let mut said: Vec<&Said> = self.said.iter().collect();
        loop {
            let mut command = with(Arguments::command(), "", &said);
            let matches = match command.try_get_matches_from_mut(words) {
                Ok(matches) => matches,
                Err(error) => return Ok(Err(error)),
            };
            let (path, inner) = deepest(&matches);
            let named = command_at(&command, &path).unwrap_or(&command);
            let before = said.len();
            let is_taken_back = |said: &Said| {
                let arg = said.argument(named, &path);
                arg.is_some_and(|arg| is_taken_back(arg, named, inner))
            };
            said.retain(|said| !is_taken_back(said));
            if said.len() < before {
                continue;
            }
            if let Some((option, needed)) = NEEDS.iter().find(|needs| is_lacking(inner, needs)) {
                let [option, needed] = [option, needed].map(|id| id.replace('_', "-"));
                let message = format!("--{option} needs --{needed}");
                return Ok(Err(
                    command.error(ErrorKind::MissingRequiredArgument, message)
                ));
            }
            return Ok(Arguments::from_arg_matches(&matches));
        }
    }

    /// Holds what is said against the options that there are.
    fn check(&self) -> Result<(), Vec<LoadError>> {
        let mut errors = Vec::new();
        let mut commands = Vec::new();
        all_commands(Arguments::command(), String::new(), &mut commands);
        for said in &self.said {
            let of = commands.iter().filter(|(path, _)| said.is_for(path));
            let mut has_it = of
                .clone()
                .filter_map(|(path, command)| said.argument(command, path));
            let Some(argument) = has_it.next() else {
                let known = of.flat_map(|(_, command)| command.get_arguments());
                let known: Vec<&str> = known.map(|arg| arg.get_id().as_str()).collect();
                let whose = match &said.of {
                    Some(of) => format!("`{of}` has"),
                    None => "there is".to_owned(),
                };
                let option = said.option.replace('_', "-");
                let error = self.error(said.at.clone(), format!("{whose} no option `{option}`"));
                errors.push(match nearest(&said.option, &known) {
                    Some(near) => error.with_help(format!("`{}` is near", near.replace('_', "-"))),
                    None => error,
                });
                continue;
            };
            // An option of one name is of one kind, whatever the command.
            if let Err(why) = said
                .texts(argument)
                .and_then(|texts| try_out(argument, &texts))
            {
                errors.push(self.error(said.at.clone(), why));
            }
        }
        for (path, command) in &commands {
            let here = || self.said.iter().filter(|said| said.is_for(path));
            for (number, said) in here().enumerate() {
                let Some(argument) = said.argument(command, path) else {
                    continue;
                };
                let excluded = excluded_by(argument, command);
                let other = here()
                    .take(number)
                    .find(|other| excluded.contains(&&*other.option));
                if let Some(other) = other {
                    let [one, other] = [said, other].map(|said| said.option.replace('_', "-"));
                    let message = format!("`{one}` and `{other}` exclude each other");
                    errors.push(self.error(said.at.clone(), message));
                }
            }
        }
        match errors.is_empty() {
            true => Ok(()),
            false => Err(errors),
        }
    }

    fn error(&self, at: Range<usize>, message: String) -> LoadError {
        LoadError::new(&self.source, Place::Span(at), message)
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
        let mut known = command.get_arguments().filter(|_| self.is_for(path));
        known.find(|arg| arg.get_id() == self.option.as_str())
    }

    /// What the option is to be told, as texts.
    fn texts(&self, arg: &Arg) -> Result<Vec<String>, String> {
        let option = self.option.replace('_', "-");
        match (&self.value, arg.get_action()) {
            (Value::Flag(flag), ArgAction::SetTrue) => Ok(vec![flag.to_string()]),
            (_, ArgAction::SetTrue) => Err(format!("`{option}` is true or false")),
            (Value::Flag(_), _) => Err(format!("`{option}` is a text or a number")),
            (Value::One(text), _) => Ok(vec![text.clone()]),
            (Value::Many(texts), ArgAction::Append) => Ok(texts.clone()),
            (Value::Many(_), _) => Err(format!("`{option}` is one value")),
        }
    }
}

/// The command with what is said as the defaults of its options and its subcommands'.
fn with(command: Command, path: &str, said: &[&Said]) -> Command {
    let told = |arg: &Arg| {
        let of_it = said
            .iter()
            .filter(|said| said.is_for(path) && arg.get_id() == said.option.as_str());
        // What is said of the command goes before what is said of all.
        of_it.max_by_key(|said| said.of.is_some())
    };
    let command = command.mut_args(|arg| match told(&arg).map(|said| said.texts(&arg)) {
        Some(Ok(texts)) => {
            let is_secret = arg.is_hide_env_values_set();
            arg.default_values(texts)
                .required(false)
                .hide_default_value(is_secret)
        }
        _ => arg,
    });
    command.mut_subcommands(|inner| {
        let path = below(path, inner.get_name());
        with(inner, &path, said)
    })
}

fn below(path: &str, name: &str) -> String {
    [path, name].join(" ").trim_start().to_owned()
}

/// The command that is named by the words of a path.
fn command_at<'c>(command: &'c Command, path: &str) -> Option<&'c Command> {
    let mut words = path.split_whitespace();
    words.try_fold(command, |command, word| command.find_subcommand(word))
}

/// A command and those below it, each with its path.
fn all_commands(command: Command, path: String, into: &mut Vec<(String, Command)>) {
    for inner in command.get_subcommands() {
        all_commands(inner.clone(), below(&path, inner.get_name()), into);
    }
    into.push((path, command));
}

/// What was matched for the command that is run, with its path.
fn deepest(matches: &ArgMatches) -> (String, &ArgMatches) {
    let mut at = (String::new(), matches);
    while let Some((name, inner)) = at.1.subcommand() {
        at = (below(&at.0, name), inner);
    }
    at
}

/// The options that one excludes, and those that exclude it.
fn excluded_by<'c>(arg: &Arg, command: &'c Command) -> Vec<&'c str> {
    let opposite = |other: &Arg| {
        let both = [arg, other].map(|arg| arg.get_id().as_str());
        both[0] != both[1] && both.iter().all(|id| OPPOSITES.contains(id))
    };
    let excludes = |one: &Arg, other: &Arg| {
        let excluded = command.get_arg_conflicts_with(one);
        excluded
            .iter()
            .any(|excluded| excluded.get_id() == other.get_id())
    };
    let others = command.get_arguments();
    let excluded =
        others.filter(|other| excludes(arg, other) || excludes(other, arg) || opposite(other));
    excluded.map(|other| other.get_id().as_str()).collect()
}

/// Whether the file's word on an option doesn't count, since what excludes it was said by the
/// command line or a variable.
fn is_taken_back(arg: &Arg, command: &Command, matches: &ArgMatches) -> bool {
    let source = |id: &str| matches.value_source(id);
    let is_said = |id: &&str| source(id).is_some_and(|source| source != ValueSource::DefaultValue);
    source(arg.get_id().as_str()) == Some(ValueSource::DefaultValue)
        && excluded_by(arg, command).iter().any(is_said)
}

/// Whether there is an option without the one that it needs.
fn is_lacking(matches: &ArgMatches, (option, needed): &(&str, &str)) -> bool {
    let is_there = |id: &str| match matches.try_get_raw(id) {
        Ok(Some(mut values)) => values.any(|value| value != "false"),
        _ => false,
    };
    is_there(option) && !is_there(needed)
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
                if !["help", "version"].contains(&id) && !arg.is_positional() {
                    let variable = arg.get_env().and_then(|name| name.to_str());
                    let is_named = variable.is_some_and(|name| name.starts_with("COUNTERPART_"));
                    assert!(is_named, "{path} --{id}: {variable:?}");
                }
            }
        }
    }
}
