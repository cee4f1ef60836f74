//! The header fields that a status obliges a reply to, where someone asked for the status or wrote
//! the reply: what the mock comes to by itself has them.

use crate::access::Access;
use crate::contract::{Contract, allowed};
use crate::mock::Prepared;
use crate::wire::{Challenge, Method, Reply, Request, StatusCode, header};

impl Contract {
    /// Gives a reply what its status asks for and nobody gave it: 401 and 407 their challenges (RFC
    /// 9110 §15.5.2, §15.5.8), 405 the methods that are left (§15.5.6).
    pub(super) fn oblige(&self, operation: &Prepared, request: &Request, reply: &mut Reply) {
        match reply.status {
            StatusCode::UNAUTHORIZED if !reply.headers.contains_key(header::WWW_AUTHENTICATE) => {
                for challenge in self.challenges(operation, request) {
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
            _ => {}
        }
    }

    /// As one is challenged that has no credentials.
    fn challenges(&self, operation: &Prepared, request: &Request) -> Vec<String> {
        let anonymous = Request::new(request.method.clone(), request.path());
        let access = self
            .guard
            .judge(operation.number, &anonymous, &self.prefix, 0);
        match access {
            Access::Unauthenticated { challenges, .. } => challenges,
            _ => Vec::new(),
        }
    }
}
