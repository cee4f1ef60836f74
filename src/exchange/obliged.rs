//! The header fields that a status obliges a reply to, where someone asked for the status or wrote
//! the reply: what the mock comes to by itself has them.

use crate::contract::{Contract, allowed};
use crate::mock::{Prepared, uncarried};
use crate::validate::check_fields;
use crate::wire::{Challenge, Method, Reply, Request, StatusCode, header};

impl Contract {
    /// Gives a reply what its status asks for and nobody gave it: 401 and 407 their challenges (RFC
    /// 9110 §15.5.2, §15.5.8), 405 the methods that are left (§15.5.6), 426 a protocol
    /// (§15.5.22).
    pub(super) fn oblige(&self, operation: &Prepared, request: &Request, reply: &mut Reply) {
        match reply.status {
            StatusCode::UNAUTHORIZED if !reply.headers.contains_key(header::WWW_AUTHENTICATE) => {
                let challenges = self.challenges(operation, request);
                let response = operation.response(reply.status.as_u16());
                let field = response.and_then(|own| own.field(&header::WWW_AUTHENTICATE));
                let is_documented = field.is_some();
                if challenges.is_empty() && !is_documented {
                    reply.set(header::WWW_AUTHENTICATE, "Bearer");
                }
                for challenge in challenges {
                    reply.append(header::WWW_AUTHENTICATE, &challenge);
                }
            }
            // Which credentials a proxy takes isn't for a contract to say.
            StatusCode::PROXY_AUTHENTICATION_REQUIRED
                if !reply.headers.contains_key(header::PROXY_AUTHENTICATE) =>
            {
                let challenge = Challenge::new("Basic").with("realm", "proxy");
                reply.set(header::PROXY_AUTHENTICATE, &challenge.to_string());
            }
            StatusCode::METHOD_NOT_ALLOWED if !reply.headers.contains_key(header::ALLOW) => {
                let others = self.operations.beside(operation.number);
                let others: Vec<Method> = others.cloned().collect();
                let others = allowed(others);
                let names: Vec<&str> = others.iter().map(Method::as_str).collect();
                reply.set(header::ALLOW, &names.join(", "));
            }
            // What this server speaks as well; a connection in HTTP/2 carries no such field, and
            // leaves it out.
            StatusCode::UPGRADE_REQUIRED => {
                reply.set(header::UPGRADE, "HTTP/2.0");
                reply.set(header::CONNECTION, "Upgrade");
            }
            _ => {}
        }
    }

    /// Has the tag of a state be one that its documentation lets pass: a weak one where that is asked
    /// for, else none, for which what is documented stands in.
    pub(super) fn fit_tag(&self, operation: &Prepared, reply: &mut Reply) {
        let response = operation.response(reply.status.as_u16());
        let field = response.and_then(|response| response.field(&header::ETAG));
        let Some(schema) = field.and_then(|field| field.schema) else {
            return;
        };
        let Some(tag) = reply.header(&header::ETAG) else {
            return;
        };
        let fits = |tag: &str| self.schemas.is_valid(schema, &tag.into());
        if fits(tag) {
            return;
        }
        let weak = format!("W/{tag}");
        match !tag.starts_with("W/") && fits(&weak) {
            true => reply.set(header::ETAG, &weak),
            false => _ = reply.headers.remove(header::ETAG),
        }
    }

    /// Has the challenge be the one that is documented, where that lets no other pass.
    pub(super) fn fit_challenge(&self, operation: &Prepared, reply: &mut Reply) {
        let response = operation.response(reply.status.as_u16());
        let field = response.and_then(|response| response.field(&header::WWW_AUTHENTICATE));
        let sent = reply.headers.contains_key(header::WWW_AUTHENTICATE);
        let Some(field) = field.filter(|_| sent) else {
            return;
        };
        let read = std::iter::once((&field.reader, field.schema));
        let (document, schemas) = (&self.document, &self.schemas);
        let found = check_fields(document, read, schemas, &self.shapes, &reply.headers);
        if !found.is_empty() && uncarried(self.contents(), field).is_none() {
            reply.headers.remove(header::WWW_AUTHENTICATE);
        }
    }

    /// As one is challenged that has no credentials: a login that fails, too, which asks for none.
    fn challenges(&self, operation: &Prepared, request: &Request) -> Vec<String> {
        let anonymous = Request::new(request.method.clone(), request.path());
        self.guard
            .challenges(operation.number, &anonymous, &self.prefix)
    }
}
