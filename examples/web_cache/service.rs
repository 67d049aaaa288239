//! What the service does for a request: the routes, and nothing of sockets.

use crate::account::Account;
use crate::cache::Cache;
use crate::model::{PageId, Request, Session, SessionId};
use crate::sessions::Sessions;
use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{delete, get, post};
use gc_core::sync::Gc;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The header in which a visitor shows the number of its session.
pub(crate) const SESSION: &str = "x-session";

/// How many related pages are named.
const RELATED: usize = 5;

/// What all requests share. From here everything that is alive is reached.
pub(crate) struct Service {
    cache: Cache,
    sessions: Sessions,
    /// How many requests for pages there were.
    requests: AtomicUsize,
}

impl Service {
    pub(crate) fn new(account: &Arc<Account>) -> Self {
        let cache = Cache::new(account.clone());
        Service { cache, sessions: Sessions::new(), requests: AtomicUsize::new(0) }
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// How many requests for pages there were.
    pub(crate) fn requests(&self) -> usize {
        // Relaxed: a sum.
        self.requests.load(Ordering::Relaxed)
    }

    /// Looks a page up for a session.
    fn request(&self, session: &Gc<Session>, page: PageId) -> Gc<Request> {
        // Relaxed: a sum.
        self.requests.fetch_add(1, Ordering::Relaxed);
        Request::note(session, self.cache.get(page))
    }
}

/// The routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/session", post(sign_in))
        .route("/session", delete(sign_out))
        .route("/page/{page}", get(read))
        .route("/page/{page}/related", get(related))
        .with_state(service)
}

/// The session that a request belongs to, as an axum extractor.
struct Visitor(Gc<Session>);

impl FromRequestParts<Arc<Service>> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Self, StatusCode> {
        let number = parts.headers.get(SESSION).and_then(|value| value.to_str().ok()?.parse().ok());
        let session = number.and_then(|number| service.sessions.find(SessionId(number)));
        session.map(Visitor).ok_or(StatusCode::UNAUTHORIZED)
    }
}

async fn sign_in(State(service): State<Arc<Service>>) -> (StatusCode, String) {
    (StatusCode::CREATED, service.sessions.begin().id().to_string())
}

async fn sign_out(State(service): State<Arc<Service>>, Visitor(session): Visitor) -> StatusCode {
    service.sessions.end(&session);
    StatusCode::NO_CONTENT
}

/// The page itself.
async fn read(
    State(service): State<Arc<Service>>,
    Visitor(session): Visitor,
    Path(page): Path<u32>,
) -> String {
    service.request(&session, PageId(page)).entry().body().to_owned()
}

/// The pages that the readers of this one read besides, those most read first.
///
/// This is the walk that all the handles are strong for: from a page to its readers, signed
/// out or not, to their requests, to those pages, in the cache or not.
async fn related(
    State(service): State<Arc<Service>>,
    Visitor(session): Visitor,
    Path(page): Path<u32>,
) -> String {
    let request = service.request(&session, PageId(page));
    let mut counts = BTreeMap::<PageId, usize>::new();
    for reader in request.entry().readers() {
        if Gc::ptr_eq(&reader, request.session()) {
            continue;
        }
        for other in reader.history() {
            *counts.entry(other.entry().page()).or_default() += 1;
        }
    }
    counts.remove(&request.entry().page());
    let mut pages: Vec<_> = counts.into_iter().collect();
    pages.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    pages.iter().take(RELATED).map(|(page, count)| format!("{page} {count}\n")).collect()
}
