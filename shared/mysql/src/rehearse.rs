//! A change on an empty copy of what it needs of the schema: does it run, what will be there after each statement, and
//! how will tables be altered.
//!
//! The copy is a scratch schema, one per target: its name comes from the target's, and it is only touched by whoever
//! holds the target's lock. So what a dead session left behind is found, and dropped, by the next rehearsal. It is made
//! over a connection of its own, so that nothing of it changes the session that holds the lock.
//!
//! What is copied are the objects that the statements name, and what those need; only where that does not do, all of the
//! schema. Statements on rows are prepared by the server and no more: on an empty copy they could fail for want of rows,
//! and prove nothing otherwise. A definition that names the target's schema itself would reach the real one from here,
//! so it is refused. Events of the schema are made asleep, lest the server runs them from the copy too.

mod probe;

use crate::dump::Definers;
use crate::errors::{self, Class, Failure};
use crate::execute;
use crate::lock::preamble;
use crate::scratch::{self, Defaults, LoadFailure, ScratchName};
use crate::snapshot::{self, Manner, Place, head, scan};
use crate::wire::Wire;
use crate::{Session, ident};
use model::Fault;
use sql::SqlMode;
use std::collections::BTreeSet;
use std::time::Instant;
use workflow::ports::database::{ExecuteError, Foretold, ObjectKind, ObjectRef, RehearsalError, Scope, Step};

const OPERATION: &str = "rehearse a change";

/// Rehearses, and leaves nothing behind.
pub(crate) async fn rehearse(
    session: &mut Session,
    base: Option<&str>,
    steps: &[Step],
) -> Result<Vec<Option<Foretold>>, RehearsalError> {
    guard(&session.server.schema, steps)?;
    let small = needed(session, base, steps).await?;
    match on_copy(session, &small, steps).await {
        // Perhaps something is needed that no name told of, such as a function.
        Err(RehearsalError::Refused { .. } | RehearsalError::Impossible(_)) => {
            let whole = whole(session, base, steps).await?;
            on_copy(session, &whole, steps).await
        }
        other => other,
    }
}

/// What is loaded, in order.
type Texts = Vec<String>;

/// The scope of all steps.
fn scope(steps: &[Step]) -> (Vec<ObjectRef>, bool) {
    let mut objects = Vec::new();
    let mut schema = false;
    for step in steps {
        match &step.scope {
            Some(Scope::Objects(of_step)) => objects.extend(of_step.iter().cloned()),
            Some(Scope::Schema) => schema = true,
            None => {}
        }
    }
    (objects, schema)
}

/// The objects that the steps name, and what those need to be made.
async fn needed(session: &mut Session, base: Option<&str>, steps: &[Step]) -> Result<Texts, RehearsalError> {
    let (objects, schema) = scope(steps);
    if schema {
        return whole(session, base, steps).await;
    }
    let mode = session.mode();
    let mut wanted: BTreeSet<ObjectRef> = objects.iter().cloned().collect();
    let reads = |statement: &str| snapshot::reads(statement, mode);
    wanted.extend(steps.iter().flat_map(|step| reads(&step.statement)));
    if let Some(base) = base {
        wanted.retain(|object| !objects.contains(object));
        wanted.extend(reads(base).into_iter().filter(|read| !objects.contains(read)));
    }
    let mut found = Vec::new();
    let mut asked = BTreeSet::new();
    while !wanted.is_empty() {
        let round: Vec<ObjectRef> = std::mem::take(&mut wanted).into_iter().collect();
        asked.extend(round.iter().cloned());
        let looked = look(session, &round).await?;
        wanted.extend(looked.iter().flat_map(snapshot::needs));
        wanted.retain(|object| !asked.contains(object) && (base.is_none() || !objects.contains(object)));
        found.extend(looked);
    }
    let place = Place {
        schema: &session.server.schema,
        collation: &session.server.collation,
    };
    found.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    found.dedup_by(|a, b| (a.kind, &a.name) == (b.kind, &b.name));
    Ok(with_base(snapshot::rendered(&found, place).text, base, &objects))
}

/// All of the schema, as it is but for what the base says.
async fn whole(session: &mut Session, base: Option<&str>, steps: &[Step]) -> Result<Texts, RehearsalError> {
    let (objects, schema) = scope(steps);
    if let (Some(base), true) = (base, schema) {
        return Ok(vec![base.to_owned()]);
    }
    let server = session.server.schema.clone();
    let manner = Manner::default();
    let all = snapshot::objects(&mut session.wire, &server, &manner).await;
    let mut all = all.map_err(|failure| failure.fault(OPERATION))?;
    if base.is_some() {
        all.retain(|object| {
            let same_room = |wanted: &ObjectRef| {
                wanted.kind == object.kind
                    || (wanted.kind == ObjectKind::Table && object.kind == ObjectKind::View)
            };
            !objects
                .iter()
                .any(|wanted| wanted.name == object.name && same_room(wanted))
        });
    }
    let place = Place {
        schema: &session.server.schema,
        collation: &session.server.collation,
    };
    Ok(with_base(snapshot::rendered(&all, place).text, base, &objects))
}

/// Tables come before what may read them, anything else after what it may read.
fn with_base(rest: String, base: Option<&str>, objects: &[ObjectRef]) -> Texts {
    let Some(base) = base.map(str::to_owned) else {
        return vec![rest];
    };
    let tables = objects.iter().all(|object| object.kind == ObjectKind::Table);
    if tables && !base.contains("VIEW") {
        vec![base, rest]
    } else {
        vec![rest, base]
    }
}

async fn look(session: &mut Session, objects: &[ObjectRef]) -> Result<Vec<snapshot::Object>, Fault> {
    let place = Place {
        schema: &session.server.schema,
        collation: &session.server.collation,
    };
    let looked = snapshot::look(&mut session.wire, place, objects, &Manner::default()).await;
    looked.map_err(|failure| failure.fault(OPERATION))
}

async fn on_copy(
    session: &mut Session,
    texts: &[String],
    steps: &[Step],
) -> Result<Vec<Option<Foretold>>, RehearsalError> {
    let name = ScratchName::of(&session.server.schema);
    let mut copy = Copy {
        wire: session.rehearsal().await?,
        began: Instant::now(),
        defaults: Defaults {
            charset: session.server.charset.clone(),
            collation: session.server.collation.clone(),
        },
        mode: session.mode(),
        manner: Manner {
            definers: Definers::Drop,
            ..Manner::default()
        },
        name,
    };
    let preamble = preamble(&session.limits);
    let told = copy.run(session, &preamble, texts, steps).await;
    // What was left of it is found by the next rehearsal.
    let left = copy
        .wire
        .ask(format!("DROP DATABASE IF EXISTS {}", copy.name.quoted()))
        .await;
    drop(left);
    // Temporary tables and variables of this one are not for the next.
    copy.wire.close().await;
    told
}

/// An empty copy.
struct Copy {
    wire: Wire,
    began: Instant,
    name: ScratchName,
    defaults: Defaults,
    mode: SqlMode,
    manner: Manner,
}

impl Copy {
    async fn run(
        &mut self,
        session: &mut Session,
        preamble: &str,
        texts: &[String],
        steps: &[Step],
    ) -> Result<Vec<Option<Foretold>>, RehearsalError> {
        let first = format!("{preamble}; ");
        match scratch::enter(&mut self.wire, &first, &self.name, Some(&self.defaults)).await {
            Ok(()) => {}
            Err(Failure::Server(denied)) if denied.class() == Class::RightsMissing => {
                return Err(RehearsalError::Impossible(format!(
                    "this user may make no scratch schema ({denied}); {}",
                    denied.remedy()
                )));
            }
            Err(failure) => return Err(failure.fault("make a scratch schema").into()),
        }
        for text in texts {
            self.load(text).await?;
            self.stay_awake(session).await?;
        }
        let mut told = Vec::with_capacity(steps.len());
        for (position, step) in steps.iter().enumerate() {
            if self.began.elapsed() > session.limits.rehearsal {
                return Err(RehearsalError::Impossible(format!(
                    "it takes longer than {} s",
                    session.limits.rehearsal.as_secs()
                )));
            }
            if step.fresh {
                let wire = std::mem::replace(&mut self.wire, session.rehearsal().await?);
                wire.close().await;
                let stand = format!("{preamble}; USE {}", self.name.quoted());
                let stood = self.wire.ask(stand).await;
                stood.map_err(|failure| failure.fault(OPERATION))?;
            }
            told.push(self.step(position, step).await?);
            self.stay_awake(session).await?;
        }
        Ok(told)
    }

    /// The session that holds the lock must not look idle meanwhile.
    async fn stay_awake(&self, session: &mut Session) -> Result<(), Fault> {
        let awake = session.wire.ask("DO 1".to_owned()).await;
        awake.map(|_| ()).map_err(|failure| failure.fault(OPERATION))
    }

    async fn load(&mut self, text: &str) -> Result<(), RehearsalError> {
        let loaded = scratch::load(&mut self.wire, &self.name, text, Definers::Drop).await;
        match loaded {
            Ok(loaded) => {
                self.manner.asleep.extend(loaded.asleep);
                Ok(())
            }
            Err(LoadFailure::Unreadable(error)) => Err(impossible(&format!("can't be read: {error}"))),
            Err(LoadFailure::Outside(line, what)) => Err(impossible(&format!("line {line}: {what}"))),
            Err(LoadFailure::At(_, failure)) if failure.is_of_a_reader() => {
                Err(failure.fault(OPERATION).into())
            }
            Err(LoadFailure::At(_, Failure::Server(error))) => Err(impossible(&error.message)),
            Err(LoadFailure::At(_, gone @ Failure::Gone(_))) => Err(gone.fault(OPERATION).into()),
        }
    }

    /// Runs a definition between two looks at its scope, and has the server read anything else.
    async fn step(&mut self, position: usize, step: &Step) -> Result<Option<Foretold>, RehearsalError> {
        let refused = |error| match error {
            // It reaches for what only the target's own user may touch: another schema that it is allowed to name.
            ExecuteError::Refused { code, .. } if errors::class(code) == Class::RightsMissing => {
                RehearsalError::Impossible(format!("the user of rehearsals may not run all of it: {error}"))
            }
            ExecuteError::Refused { .. } => RehearsalError::Refused { position, error },
            ExecuteError::Stale(fault) | ExecuteError::Lost(fault) => RehearsalError::Fault(fault),
        };
        let Some(scope) = &step.scope else {
            let read = execute::read(&mut self.wire, &step.statement, self.mode).await;
            return read.map(|_unproven| None).map_err(refused);
        };
        let before = self.definitions(scope).await?;
        let (statement, asleep) = scratch::asleep(&step.statement, self.mode);
        let algorithm = probe::run(&mut self.wire, &statement, self.mode)
            .await
            .map_err(refused)?;
        self.manner.asleep.extend(asleep);
        head::follow(&mut self.manner.asleep, &step.statement);
        let after = self.definitions(scope).await?;
        Ok(Some(Foretold {
            before,
            after,
            algorithm,
        }))
    }

    async fn definitions(&mut self, scope: &Scope) -> Result<String, Fault> {
        let place = Place {
            schema: self.name.as_str(),
            collation: &self.defaults.collation,
        };
        let definitions = match scope {
            Scope::Objects(objects) => {
                let looked = snapshot::look(&mut self.wire, place, objects, &self.manner).await;
                looked.map(|looked| snapshot::rendered(&looked, place))
            }
            Scope::Schema => snapshot::take(&mut self.wire, place.schema, &self.manner).await,
        };
        definitions
            .map(|definitions| definitions.text)
            .map_err(|failure| failure.fault(OPERATION))
    }
}

fn impossible(why: &str) -> RehearsalError {
    RehearsalError::Impossible(format!("the schema could not be made anew for it: {why}"))
}

/// Refuses definitions that name the target's schema.
fn guard(schema: &str, steps: &[Step]) -> Result<(), RehearsalError> {
    let named = steps
        .iter()
        .find(|step| step.scope.is_some() && scan::qualifies(&step.statement, schema));
    match named {
        None => Ok(()),
        Some(_) => Err(RehearsalError::Impossible(format!(
            "a statement names its own schema ({}.…), and would reach it from a copy too: write the names without it",
            ident::name(schema)
        ))),
    }
}
