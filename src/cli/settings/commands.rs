//! What clap knows of the commands: the options that were typed, those whose variables count, and
//! which exclude one another.

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::ffi::OsString;

/// Under which heading options for credentials stand.
const CREDENTIALS: &str = "Credentials";
/// Options that take each other back.
const OPPOSITES: [&str; 2] = ["watch", "no_watch"];

/// The value of an option's variable, where that is set to any. One of a credential counts when it
/// is empty, too: somebody meant to give one.
pub(super) fn variable(arg: &Arg) -> Option<OsString> {
    let value = std::env::var_os(arg.get_env()?)?;
    let is_credential = arg.is_hide_env_values_set() && arg.get_help_heading() == Some(CREDENTIALS);
    (!value.is_empty() || is_credential).then_some(value)
}

pub(super) fn without_value(arg: Arg) -> Arg {
    let is_empty = arg.get_env().and_then(std::env::var_os).is_some();
    match is_empty {
        true => arg.env(Resettable::Reset),
        false => arg,
    }
}

/// The command that words name, and its options that they say.
pub(super) fn typed(usual: &Command, words: &[OsString]) -> (String, Vec<String>) {
    let bare = bare(usual.clone()).ignore_errors(true);
    let Ok(matches) = bare.try_get_matches_from(words) else {
        // It is help that is asked for.
        let path = words.iter().fold(String::new(), |path, word| {
            let longer = below(&path, &word.to_string_lossy());
            let is_one = command_at(usual, &longer).is_some();
            if is_one { longer } else { path }
        });
        return (path, Vec::new());
    };
    let (path, inner) = deepest(&matches);
    let typed = inner.ids().map(|id| id.as_str());
    let typed = typed.filter(|id| inner.value_source(id) == Some(ValueSource::CommandLine));
    (path, typed.map(str::to_owned).collect())
}

/// The command that knows no variables, and asks for nothing.
pub(super) fn bare(command: Command) -> Command {
    let command = command.mut_args(|arg| arg.env(Resettable::Reset).required(false));
    command.mut_subcommands(bare)
}

/// The options whose variables don't count: flags that they turn off, and what the words exclude.
pub(super) fn silent<'c>(command: &'c Command, typed: &[String]) -> Vec<&'c str> {
    let is_off = |arg: &Arg| {
        let is_flag = matches!(arg.get_action(), ArgAction::SetTrue);
        is_flag && variable(arg).is_some_and(|value| value == "false")
    };
    let is_excluded = |arg: &Arg| {
        let excluded = excluded_by(arg, command);
        excluded
            .iter()
            .any(|id| typed.iter().any(|typed| typed == id))
    };
    let options = command.get_arguments();
    let silent = options.filter(|arg| is_off(arg) || is_excluded(arg));
    silent.map(|arg| arg.get_id().as_str()).collect()
}

pub(super) fn below(path: &str, name: &str) -> String {
    [path, name].join(" ").trim_start().to_owned()
}

/// The command that is named by the words of a path.
pub(super) fn command_at<'c>(command: &'c Command, path: &str) -> Option<&'c Command> {
    let mut words = path.split_whitespace();
    words.try_fold(command, |command, word| command.find_subcommand(word))
}

/// A command and those below it, each with its path.
pub(super) fn all_commands(command: Command, path: String, into: &mut Vec<(String, Command)>) {
    for inner in command.get_subcommands() {
        all_commands(inner.clone(), below(&path, inner.get_name()), into);
    }
    into.push((path, command));
}

/// What was matched for the command that is run, with its path.
pub(super) fn deepest(matches: &ArgMatches) -> (String, &ArgMatches) {
    let mut at = (String::new(), matches);
    while let Some((name, inner)) = at.1.subcommand() {
        at = (below(&at.0, name), inner);
    }
    at
}

/// The options that one excludes, and those that exclude it.
pub(super) fn excluded_by<'c>(arg: &Arg, command: &'c Command) -> Vec<&'c str> {
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

/// Whether there is an option without the one that it needs.
pub(super) fn is_lacking(matches: &ArgMatches, (option, needed): &(&str, &str)) -> bool {
    let is_there = |id: &str| match matches.try_get_raw(id) {
        Ok(Some(mut values)) => values.any(|value| value != "false"),
        _ => false,
    };
    is_there(option) && !is_there(needed)
}
