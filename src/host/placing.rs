//! What a rule of behaviour names, found in the contracts: what isn't there is refused, and what
//! is most like it told.

use super::{Api, Host};
use crate::exchange::is_sandbox;
use crate::faults::{PathMeant, Placement, Scope, is_any};
use crate::spec::{METHODS, nearest};
use crate::wire::{Method, decode_percent};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// The operations of every API by their names.
pub(crate) type Names = Vec<HashMap<String, Vec<usize>>>;
/// The member of a scope that is wrong, and why.
pub(super) type Wrong = (&'static str, String);

/// How many names are told where none is like a misspelt one.
const TOLD: usize = 10;
/// How many paths are told.
const PATHS: usize = 3;
/// What of a name is compared, in bytes.
const COMPARED: usize = 200;

impl Host {
    /// What a scope names, found. `names` are made when they are first asked for.
    pub(super) fn place(
        &self,
        scope: &Scope,
        names: &mut Option<Names>,
    ) -> Result<Placement, Wrong> {
        let api = scope.api.as_ref().map(|name| self.api_named(name));
        let api = api.transpose().map_err(|why| ("api", why))?;
        if let Some(method) = &scope.method {
            self.know(method, api).map_err(|why| ("method", why))?;
        }
        let operations = scope.operation.as_ref().map(|name| {
            let names = names.get_or_insert_with(|| {
                let apis = self.apis.iter();
                apis.map(|api| api.contract().operation_names()).collect()
            });
            self.operations_named(name, api, names)
        });
        let operations = operations.transpose().map_err(|why| ("operation", why))?;
        let paths = scope.path.as_ref().map(|path| self.meant(path, api));
        let paths = paths.transpose().map_err(|why| ("path", why))?;
        if let Some(operations) = &operations {
            self.agree(scope, operations, paths.as_deref())?;
        }
        if let Some(name) = scope.sandbox.as_deref().filter(|name| !is_sandbox(name)) {
            return Err((
                "sandbox",
                format!("{name:?} can't be the name of a sandbox"),
            ));
        }
        Ok(Placement {
            method: scope.method.clone(),
            api,
            operations,
            paths,
            sandbox: scope.sandbox.clone(),
        })
    }

    /// The operations that a placement is for, where it names an operation or a path.
    pub(super) fn operations_at(&self, place: &Placement) -> Vec<(usize, usize)> {
        let has = |own: &Method| {
            let method = place.method.as_ref();
            method.is_none_or(|method| {
                own == method || (*own == Method::GET && *method == Method::HEAD)
            })
        };
        let stubs = |api: usize| self.apis[api].contract.operations.stubs();
        let at = |(api, number): (usize, usize)| {
            let stub = &stubs(api)[number];
            let is_at = |path: &PathMeant| {
                let mut own = path.paths.iter();
                path.api == api
                    && (path.operations.contains(&number)
                        || own.any(|own| may_meet(own, &stub.path)))
            };
            let paths = place.paths.as_ref();
            has(&stub.method) && paths.is_none_or(|paths| paths.iter().any(is_at))
        };
        match (&place.operations, &place.paths) {
            (Some(operations), _) => operations.iter().copied().filter(|o| at(*o)).collect(),
            (None, Some(paths)) => {
                let apis = paths.iter().map(|path| path.api);
                let all = apis.flat_map(|api| (0..stubs(api).len()).map(move |n| (api, n)));
                all.filter(|o| at(*o)).collect()
            }
            (None, None) => Vec::new(),
        }
    }

    /// The numbers of the APIs that a rule may be for.
    fn within(&self, api: Option<usize>) -> impl Iterator<Item = usize> {
        (0..self.apis.len()).filter(move |number| api.is_none_or(|api| api == *number))
    }

    fn api_named(&self, name: &str) -> Result<usize, String> {
        let number = self.apis.iter().position(|api| api.name() == name);
        number.ok_or_else(|| {
            let known = self.apis.iter().map(Api::name).collect();
            format!("there is no API {name:?}{}", instead(name, &known))
        })
    }

    /// Takes a method that requests are usually made with, and those of the documents.
    fn know(&self, method: &Method, api: Option<usize>) -> Result<(), String> {
        let own = self.within(api).flat_map(|number| {
            let stubs = self.apis[number].contract.operations.stubs();
            stubs.iter().map(|stub| &stub.method)
        });
        let known: BTreeSet<&str> = METHODS.iter().chain(own).map(Method::as_str).collect();
        match known.contains(method.as_str()) {
            true => Ok(()),
            false => {
                let instead = instead(&method.as_str().to_uppercase(), &known);
                Err(format!("there is no method {:?}{instead}", method.as_str()))
            }
        }
    }

    /// The operations of a name, in one API or in all; with the API's prefix in the path, as the
    /// log has it, or without.
    fn operations_named(
        &self,
        name: &str,
        api: Option<usize>,
        names: &Names,
    ) -> Result<Vec<(usize, usize)>, String> {
        let mut found = Vec::new();
        for number in self.within(api) {
            let prefixed = format!(" {}/", self.apis[number].prefix());
            let alone = name.replacen(&prefixed, " /", 1);
            let own = names[number]
                .get(name)
                .or_else(|| names[number].get(&alone));
            let own = own.into_iter().flatten();
            found.extend(own.map(|operation| (number, *operation)));
        }
        if !found.is_empty() {
            return Ok(found);
        }
        let known = self.within(api).flat_map(|number| names[number].keys());
        let known = known.map(String::as_str).collect();
        let instead = instead(name, &known);
        Err(format!("there is no operation {name:?}{instead}"))
    }

    /// What a path means, in one API or in all.
    fn meant(&self, path: &str, api: Option<usize>) -> Result<Vec<PathMeant>, String> {
        let numbers = self.within(api);
        let found = numbers.filter_map(|number| self.apis[number].meant(number, path));
        let found: Vec<PathMeant> = found.collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let mut alike: Vec<(Reverse<usize>, String)> = Vec::new();
        for api in self.within(api).map(|number| &self.apis[number]) {
            let (prefix, inner) = api.split(path);
            for near in api.contract.router.nearest(inner) {
                let in_common = near.bytes().zip(inner.bytes()).take_while(|(a, b)| a == b);
                let rank = prefix.len() + in_common.count();
                alike.push((Reverse(rank), format!("{prefix}{near}")));
            }
        }
        // Each API's own are the most alike first already.
        alike.sort_by_key(|(rank, _)| *rank);
        let alike: Vec<String> = alike
            .into_iter()
            .take(PATHS)
            .map(|(_, path)| path)
            .collect();
        let why = format!("there is no path {path:?}");
        match alike.as_slice() {
            [] => Err(why),
            [one] => Err(format!("{why}; there is {one}")),
            _ => Err(format!("{why}; the nearest are {}", alike.join(", "))),
        }
    }

    /// Whether any request can be for one of these operations, and have the scope's method and
    /// path too.
    fn agree(
        &self,
        scope: &Scope,
        operations: &[(usize, usize)],
        paths: Option<&[PathMeant]>,
    ) -> Result<(), Wrong> {
        let stub = |(api, number): &(usize, usize)| {
            let stubs = self.apis[*api].contract.operations.stubs();
            &stubs[*number]
        };
        let name = || stub(&operations[0]).name();
        if let Some(method) = &scope.method {
            let has =
                |own: &Method| own == method || (*own == Method::GET && *method == Method::HEAD);
            if !operations
                .iter()
                .any(|operation| has(&stub(operation).method))
            {
                let why = format!("no request to the operation {} has this method", name());
                return Err(("method", why));
            }
        }
        if let Some(paths) = paths {
            let is_at = |operation: &(usize, usize)| {
                let mut here = paths.iter().filter(|path| path.api == operation.0);
                here.any(|path| {
                    let mut own = path.paths.iter();
                    path.operations.contains(&operation.1)
                        || own.any(|own| may_meet(own, &stub(operation).path))
                })
            };
            if !operations.iter().any(is_at) {
                let why = format!("no request to the operation {} has this path", name());
                return Err(("path", why));
            }
        }
        Ok(())
    }
}

impl Api {
    /// Its prefix and what follows it, where a path starts with that.
    fn split<'p>(&self, path: &'p str) -> (&str, &'p str) {
        match path.strip_prefix(self.prefix()) {
            Some(inner) if inner.starts_with('/') => (self.prefix(), inner),
            _ => ("", path),
        }
    }

    /// What a path means here; nothing where it isn't there.
    fn meant(&self, number: usize, path: &str) -> Option<PathMeant> {
        let (_, inner) = self.split(path);
        let within = self.meant_within(number, inner);
        // Behind the prefix something may be called like it.
        within.or_else(|| {
            (inner != path)
                .then(|| self.meant_within(number, path))
                .flatten()
        })
    }

    fn meant_within(&self, number: usize, path: &str) -> Option<PathMeant> {
        let router = &self.contract.router;
        let stubs = self.contract.operations.stubs();
        let paths: Vec<&str> = [Some(path), router.behind_base(path)]
            .into_iter()
            .flatten()
            .filter(|path| !path.is_empty())
            .collect();
        let mut operations = Vec::new();
        let mut is_there = !router.methods(path, "", &|_, _| true).is_empty();
        for (operation, stub) in stubs.iter().enumerate() {
            if paths.iter().any(|path| is_same(path, &stub.path)) {
                operations.push(operation);
            }
            is_there = is_there || paths.iter().any(|path| may_meet(path, &stub.path));
        }
        is_there = is_there || !operations.is_empty();
        is_there.then(|| PathMeant {
            api: number,
            paths: paths.into_iter().map(str::to_owned).collect(),
            operations,
        })
    }
}

/// Whether two templates differ in nothing but what is in braces.
fn is_same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.chars(), other.chars());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some('{'), Some('{')) => {
                if !one.any(|c| c == '}') || !other.any(|c| c == '}') {
                    return false;
                }
            }
            (a, b) if a == b => {}
            _ => return false,
        }
    }
}

/// Whether a request can have the path of a rule and that of a template, segment by segment.
fn may_meet(own: &str, template: &str) -> bool {
    let template = template.split(['?', '#']).next().unwrap_or_default();
    let (mut own, mut theirs) = (own.split('/'), template.split('/'));
    loop {
        match (own.next(), theirs.next()) {
            (None, None) => return true,
            (Some(own), Some(theirs)) => {
                let takes = match is_any(own) {
                    true => !theirs.is_empty(),
                    false => theirs.contains('{') && !own.is_empty(),
                };
                let is_same = || decode_percent(theirs).is_ok_and(|theirs| theirs == own);
                if !takes && own != theirs && !is_same() {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// What was meant by a name that isn't there, as the end of a sentence.
fn instead(name: &str, known: &BTreeSet<&str>) -> String {
    let known: Vec<&str> = known.iter().copied().collect();
    let alike = (name.len() <= COMPARED)
        .then(|| nearest(name, &known))
        .flatten();
    if let Some(alike) = alike {
        return format!("; did you mean {alike:?}?");
    }
    let more = match known.len() > TOLD {
        true => ", …",
        false => "",
    };
    let told = known.iter().take(TOLD).copied().collect::<Vec<_>>();
    format!("; there are {}{more}", told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_the_same_whatever_their_names() {
        assert!(is_same("/pets/{id}", "/pets/{petId}"));
        assert!(is_same("/f/{a}.{b}", "/f/{name}.{ending}"));
        assert!(!is_same("/pets/{id}", "/pets/{id}/toys"));
        assert!(!is_same("/pets/{id", "/pets/{id}"));
    }

    #[test]
    fn a_path_may_meet_templates_that_take_its_segments() {
        assert!(may_meet("/pets/1", "/pets/{id}"));
        assert!(may_meet("/{any}/1", "/pets/{id}?x={y}"));
        assert!(!may_meet("/pets/", "/pets/{id}"));
        assert!(!may_meet("/pets", "/pet"));
    }
}
