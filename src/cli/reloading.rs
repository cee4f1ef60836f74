//! `serve --watch`: what is served goes on with documents, fixtures and rules as they are by now.

use super::diagnostic;
use super::log::Log;
use super::serve::kept_notes;
use super::style::{Style, clean};
use super::watch::Watch;
use crate::contract::Loading;
use crate::host::{Host, Reloaded};
use crate::server::{Observer, Standing};
use crate::spec::{LoadError, LoadErrors};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// What a server is watched with.
pub(super) struct Watching {
    /// What the contracts are loaded from, looked at before they were.
    pub(super) watch: Watch,
    pub(super) documents: Vec<PathBuf>,
    /// How.
    pub(super) loading: Loading,
    /// What they are served by.
    pub(super) standing: Standing,
    /// Where it is told what became of it.
    pub(super) log: Arc<Log>,
    pub(super) style: Style,
}

impl Watching {
    /// Goes on as long as the process does.
    pub(super) fn start(self) {
        thread::spawn(move || self.go_on());
    }

    fn go_on(mut self) {
        self.watch.know(&self.standing.host());
        // What couldn't be loaded is still to be.
        let mut changed = BTreeSet::new();
        loop {
            let host = self.standing.host();
            changed.extend(self.watch.wait(Some(&host)));
            let started = Instant::now();
            let loaded = host.reload(&self.documents, &self.loading, &changed);
            let lacks = |host: &Host| {
                let mut apis = host.apis().iter();
                apis.any(|api| !api.contract().warnings().is_empty())
            };
            let is_whole = matches!(&loaded, Ok(reloaded) if !lacks(&reloaded.host));
            self.watch.look_around(!is_whole);
            match loaded {
                Ok(reloaded) => {
                    changed.clear();
                    self.put_up(reloaded, started);
                }
                Err(errors) => self.refuse(&errors),
            }
        }
    }

    fn put_up(&self, reloaded: Reloaded, started: Instant) {
        let Reloaded {
            host,
            apis,
            dropped,
        } = reloaded;
        let old = self.standing.host();
        let gone = |name: &&str| !host.apis().iter().any(|api| api.name() == *name);
        let gone = old.apis().iter().map(|api| api.name()).filter(gone);
        let gone: Vec<String> = gone.map(str::to_owned).collect();
        // A file that nothing is made of.
        if apis.is_empty() && gone.is_empty() {
            return;
        }
        let host = Arc::new(host);
        let unexpected = self.standing.replace(Arc::clone(&host));
        self.tell(&apis, &gone, started.elapsed());
        let anew = host.apis().iter();
        let anew = anew.filter(|api| apis.iter().any(|name| name == api.name()));
        let anew: Vec<_> = anew.collect();
        let warnings: Vec<LoadError> = anew
            .iter()
            .flat_map(|api| api.contract().warnings().to_vec())
            .collect();
        if !warnings.is_empty() {
            let told = diagnostic::warnings(&warnings, self.style);
            let events = warnings.iter().map(ToString::to_string);
            let event = json!({"event": "warnings", "warnings": events.collect::<Vec<_>>()});
            self.log.tell(told.trim_end().to_owned(), event);
        }
        let is_kept = self.loading.state.is_some();
        let notes = anew.iter().flat_map(|api| kept_notes(api, is_kept));
        for note in notes.chain(dropped).chain(unexpected) {
            self.log.noticed(&note);
        }
    }

    fn tell(&self, apis: &[String], gone: &[String], took: Duration) {
        let listed = |names: &[String]| clean(&names.join(", "));
        let mut parts = Vec::new();
        if !apis.is_empty() {
            parts.push(format!("{} as it is by now", listed(apis)));
        }
        if !gone.is_empty() {
            parts.push(format!("without {}", listed(gone)));
        }
        let ms = took.as_millis();
        let event = json!({"event": "reloaded", "apis": apis, "gone": gone, "ms": ms as u64});
        let line = format!("reloaded: {}, in {ms} ms", parts.join("; "));
        self.log.tell(line, event);
    }

    /// Tells why it stays as it was.
    fn refuse(&self, errors: &LoadErrors) {
        let told = diagnostic::found(errors.0.iter(), true, self.style);
        let listed: Vec<String> = errors.0.iter().map(ToString::to_string).collect();
        let event = json!({"event": "notReloaded", "errors": listed});
        let line = format!("{told}not reloaded: what was served before is served on");
        self.log.insist(line, event);
    }
}
