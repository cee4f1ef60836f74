//! What `serve` says once it listens, within one screen.

use super::style::{Style, clean};
use crate::contract::AuthMode;
use crate::host::Host;
use std::net::SocketAddr;
use std::time::Duration;

/// What is told beside the contracts.
pub(super) struct Told<'t> {
    /// The server that answers in the place of the mock.
    pub(super) upstream: Option<&'t str>,
    /// A token that the contracts take; empty where they take none.
    pub(super) token: &'t str,
    /// Whether what changes in the files is served.
    pub(super) is_watching: bool,
    /// Whether the control plane asks for one.
    pub(super) has_control_token: bool,
}

pub(super) fn render(
    host: &Host,
    (address, base): (SocketAddr, &str),
    loaded: Duration,
    told: Told<'_>,
    style: Style,
) -> String {
    let Told {
        upstream,
        token,
        is_watching,
        has_control_token,
    } = told;
    let mut out = format!(
        "{} {}, ready in {} ms\n\n",
        style.bold("counterpart"),
        env!("CARGO_PKG_VERSION"),
        loaded.as_millis()
    );
    let width = host
        .apis()
        .iter()
        .map(|api| api.name().chars().count())
        .max()
        .unwrap_or(0);
    for api in host.apis() {
        let contract = api.contract();
        let collections = contract.collections();
        let items: usize = collections.iter().map(|(_, count)| count).sum();
        let name = clean(api.name());
        let pad = " ".repeat(width - api.name().chars().count());
        let url = format!("{base}{}", api.prefix());
        out += &format!("  {}{pad}  {}\n", style.bold(&name), clean(&url));
        let mut facts = vec![
            format!("{} {}", contract.title(), contract.version()),
            counted(contract.operations(), "operation"),
        ];
        if contract.broken() > 0 {
            facts.push(format!("{} not served, see above", contract.broken()));
        }
        if !collections.is_empty() {
            facts.push(counted(collections.len(), "collection"));
            facts.push(counted(items, "item"));
        }
        if let Some(clock) = contract.unreal_clock() {
            facts.push(format!("clock {clock}"));
        }
        let facts = facts.join(", ");
        out += &format!("  {}  {}\n", " ".repeat(width), style.dim(&clean(&facts)));
    }
    let reachable = !address.ip().is_loopback();
    out += "\n";
    out += &match reachable && !has_control_token {
        true => "  control    off: beyond this machine it needs a --control-token\n".to_owned(),
        false => ways(base),
    };
    if is_watching {
        out += "  watching   documents, fixtures and rules\n";
    }
    if let Some(upstream) = upstream {
        out += &format!("  upstream   {}\n", clean(upstream));
    }
    if !token.is_empty() && upstream.is_none() {
        out += &format!("  token      {token}\n");
        let note = "a bearer token for a day, with every scope that the contracts name";
        out += &format!("             {}\n", style.dim(note));
    }
    if upstream.is_none() {
        out += &credentials(host, style);
    }
    if reachable {
        let warning = match has_control_token {
            true => {
                "warning: other machines can reach this address, and with the token the control plane"
            }
            false => "warning: other machines can reach this address",
        };
        out += &format!("\n{}\n", style.warning(warning));
        let note = "callbacks go to hosts that --allow-callback names, and nowhere else";
        out += &format!("{}\n", style.dim(note));
    }
    out
}

/// Where a person looks, and where programs do.
fn ways(base: &str) -> String {
    let base = format!("{base}/_counterpart/");
    [
        ("docs", "docs/index.html"),
        ("inspector", ""),
        ("control", "openapi.json"),
    ]
    .map(|(what, path)| format!("  {what:<9}  {base}{path}\n"))
    .concat()
}

/// What is asked for beside tokens, where that is one line, and how closely it is looked at.
fn credentials(host: &Host, style: Style) -> String {
    let contracts = || host.apis().iter().map(|api| api.contract());
    let mut asks: Vec<String> = contracts().flat_map(|contract| contract.asks()).collect();
    asks.sort();
    asks.dedup();
    let asks = asks.join(", ");
    let mut out = String::new();
    if !asks.is_empty() && asks.chars().count() <= 80 {
        out += &format!("  send       {}\n", clean(&asks));
    }
    let mut unverified: Vec<&str> = contracts().flat_map(|c| c.unverified()).collect();
    unverified.sort();
    unverified.dedup();
    let note = match host.auth().mode {
        AuthMode::Presence => return out,
        AuthMode::Off => "off: no credential is asked for".to_owned(),
        AuthMode::Verify if unverified.is_empty() => "credentials are verified".to_owned(),
        AuthMode::Verify => format!(
            "credentials are verified, but for those of {}: they have no --auth-credential",
            unverified.join(", ")
        ),
    };
    out += &format!("  auth       {}\n", style.dim(&clean(&note)));
    out
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
