//! The credentials that are sent, as the arguments give them.

use super::Verify;
use crate::verify::{Credential, Credentials, Renewal};
use crate::wire::HeaderValue;
use std::io::Read;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// What is sent with every request.
pub(super) fn credentials(arguments: &Verify) -> Result<Credentials, String> {
    let mut fixed = Vec::new();
    for field in &arguments.header {
        fixed.push(field_of(field)?);
    }
    for credential in &arguments.credential {
        let credential = credential
            .split_once('=')
            .filter(|(name, _)| !name.is_empty());
        let why = "a scheme's name, an equals sign and the credential are expected";
        let (name, value) = credential.ok_or(why)?;
        let value = sendable(value, "--credential")?;
        fixed.push(Credential::Scheme(name.to_owned(), value));
    }
    if let Some(token) = &arguments.token {
        fixed.push(bearer(&sendable(token, "--token")?));
    }
    let patience = Duration::from_secs(arguments.timeout);
    let renewal = arguments.auth_command.clone().map(|command| {
        let renewal: Renewal = Box::new(move || from_command(&command, patience));
        renewal
    });
    Credentials::new(fixed, renewal)
}

/// A credential as a header field can carry it.
fn sendable(value: &str, of: &str) -> Result<String, String> {
    match !value.trim().is_empty() && HeaderValue::from_str(value).is_ok() {
        true => Ok(value.to_owned()),
        false if value.trim().is_empty() => Err(format!("{of} has no credential")),
        // What it says is a secret.
        false => Err(format!(
            "{of} has a character that no header field can carry: a line feed, say"
        )),
    }
}

fn bearer(token: &str) -> Credential {
    Credential::Field("Authorization".to_owned(), format!("Bearer {token}"))
}

/// A header field as it is written: `Name: value`.
fn field_of(text: &str) -> Result<Credential, String> {
    let field = text
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()));
    match field.filter(|(name, _)| crate::wire::is_token(name)) {
        Some((name, value)) => {
            HeaderValue::from_str(value)
                .map_err(|_| format!("{name} has a character that no header field can carry"))?;
            Ok(Credential::Field(name.to_owned(), value.to_owned()))
        }
        // What is meant for one is a secret more often than not.
        None => Err("a header field is expected, like 'X-Key: abc'".to_owned()),
    }
}

/// What a command of the shell prints: header fields, a line each, or a token alone. It has so long.
fn from_command(command: &str, patience: Duration) -> Result<Vec<Credential>, String> {
    let output = run(command, patience)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default();
        return Err(format!("{command:?} failed ({}): {said}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    match lines.as_slice() {
        [] => Err(format!("{command:?} printed no credential")),
        [token] if !token.contains(": ") => Ok(vec![bearer(&sendable(token, "the command")?)]),
        fields => fields.iter().map(|line| field_of(line)).collect(),
    }
}

/// What a command of the shell says, within a time. One that takes longer is ended.
fn run(command: &str, patience: Duration) -> Result<Output, String> {
    let failed = |error: std::io::Error| format!("{command:?} can't be run: {error}");
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let read = |stream: Option<Box<dyn Read + Send>>| {
        let (told, said) = channel();
        std::thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut stream) = stream {
                let _ = stream.read_to_end(&mut text);
            }
            let _ = told.send(text);
        });
        said
    };
    let stdout = read(
        child
            .stdout
            .take()
            .map(|s| Box::new(s) as Box<dyn Read + Send>),
    );
    let stderr = read(
        child
            .stderr
            .take()
            .map(|s| Box::new(s) as Box<dyn Read + Send>),
    );
    let end = Instant::now() + patience;
    let left = || end.saturating_duration_since(Instant::now());
    let late = || format!("{command:?} isn't done within {patience:?}");
    // What it began may still hold what it wrote to.
    let said = (stdout.recv_timeout(left()), stderr.recv_timeout(left()));
    let (Ok(stdout), Ok(stderr)) = said else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(late());
    };
    loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => {
                return Ok(Output {
                    status,
                    stdout,
                    stderr,
                });
            }
            None if left().is_zero() => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(late());
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}
