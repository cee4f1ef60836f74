//! Members that a kind of object doesn't have.

use super::Severity;
use super::grammar::Kind;
use super::keywords;
use super::record::{At, clip};
use super::version::VERSIONS;
use super::walk::Walk;
use crate::spec::nearest;

impl Walk<'_> {
    pub(super) fn unknown(&mut self, kind: &'static Kind, name: &str) {
        let known: Vec<&str> = kind
            .all()
            .filter(|member| member.is_known(self.version))
            .map(|member| member.name)
            .collect();
        let elsewhere = VERSIONS.iter().find(|version| {
            kind.all()
                .any(|member| member.name == name && member.is_known(**version))
        });
        let alike = nearest(name, &known).map(|alike| format!("did you mean `{alike}`?"));
        if kind.section == keywords::SCHEMA.section {
            // A keyword that nobody knows is an annotation (JSON Schema core §6.5).
            return match (elsewhere, alike) {
                (Some(version), _) => {
                    let message = format!(
                        "`{name}` is no keyword of {}: {} has it",
                        self.version.name(),
                        version.name()
                    );
                    let help = match name {
                        "nullable" => {
                            Some("a list of types lets a value be null: `[string, 'null']`")
                        }
                        _ => None,
                    };
                    let help = help.map(str::to_owned);
                    self.flaw(Severity::Warning, At::Key(name), message, help, false);
                }
                (None, Some(help)) => {
                    let message = format!("`{}` is no keyword of schemas", clip(name));
                    self.flaw(Severity::Warning, At::Key(name), message, Some(help), false);
                }
                (None, None) => {
                    let message = format!("the keyword `{}` isn't known", clip(name));
                    self.note(At::Key(name), message);
                }
            };
        }
        let message = format!("`{}` is no member of {}", clip(name), kind.name);
        let help = match elsewhere {
            Some(version) => Some(format!("{} has it", version.name())),
            None => alike,
        };
        self.flaw(Severity::Error, At::Key(name), message, help, false);
    }
}
