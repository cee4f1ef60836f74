use super::super::refusal::Refusal;
use super::problem::{no_such_api, unwritten};
use crate::contract::Unopened;
use crate::host::{Api, Host, Memory, NoPart, Unput};
use crate::wire::StatusCode;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// The names in an operation's path, decoded.
pub(super) type Target<T> = Result<Path<T>, PathRejection>;

/// The API of that name.
pub(super) fn find<'a>(host: &'a Arc<Host>, name: &str) -> Result<&'a Api, Refusal> {
    let mut apis = host.apis().iter();
    apis.find(|api| api.name() == name)
        .ok_or_else(|| no_such_api(host, name))
}

/// Whose state is meant.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Whose {
    /// The sandbox, which is made where it isn't there; everyone's state without it.
    #[param(example = "suite-1", pattern = "^[A-Za-z0-9._~-]{1,100}$")]
    pub(super) sandbox: Option<String>,
}

/// Which APIs are meant, and whose state of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The API; all of them without it.
    #[param(example = "petstore")]
    pub(super) api: Option<String>,
    /// The sandbox, which is made where it isn't there; everyone's state without it.
    #[param(example = "suite-1", pattern = "^[A-Za-z0-9._~-]{1,100}$")]
    pub(super) sandbox: Option<String>,
}

/// What an API remembers, in the sandbox where one is named.
pub(super) fn memory<'a>(api: &'a Api, whose: &Whose) -> Result<Memory<'a>, Refusal> {
    let memory = api.memory(whose.sandbox.as_deref());
    memory.map_err(|why| match why {
        Unopened::Crowded(full) => Refusal::new(StatusCode::INSUFFICIENT_STORAGE, full.to_string()),
        Unopened::Ledger(fault) => unwritten(fault.into()),
    })
}

/// What a collection's name doesn't mean.
pub(super) fn no_part(api: &Api, collection: &str, why: NoPart) -> Refusal {
    let detail = match why {
        NoPart::Unknown => {
            let known = api.contract().collections().into_iter();
            let known: Vec<String> = known.map(|(name, _)| name).collect();
            format!(
                "{} has no collection {collection:?}; it has: {}.",
                api.name(),
                known.join(", ")
            )
        }
        other => other.to_string(),
    };
    Refusal::new(StatusCode::NOT_FOUND, detail)
}

/// The collection can't take what it was given, or that can't be written.
pub(super) fn unput(api: &Api, collection: &str, why: Unput) -> Refusal {
    match why {
        Unput::NoPart(why) => no_part(api, collection, why),
        Unput::Unfit(detail) => unfit(detail),
        Unput::Unwritten(why) => unwritten(why),
    }
}

/// The collection can't take what it was given.
pub(super) fn unfit(detail: String) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
}

/// The APIs that are meant.
pub(super) fn meant<'h>(host: &'h Arc<Host>, which: &Which) -> Result<Vec<&'h Api>, Refusal> {
    let wanted = which.api.as_deref();
    let apis = host.apis().iter();
    let apis: Vec<&Api> = apis
        .filter(|api| wanted.is_none_or(|name| name == api.name()))
        .collect();
    match wanted {
        Some(name) if apis.is_empty() => Err(no_such_api(host, name)),
        _ => Ok(apis),
    }
}

impl Which {
    pub(super) fn whose(&self) -> Whose {
        Whose {
            sandbox: self.sandbox.clone(),
        }
    }
}
