//! Running cells: those that leave their server alive side by side, those that kill it one after the other.

use crate::cells::Cell;
use crate::faults::Play;
use crate::kinds::PREPARED;
use crate::server::Server;
use crate::stage::Stage;
use crate::trouble::Trouble;
use futures::future::{try_join, try_join_all};
use futures::stream::{self, StreamExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// How wide the gate is.
#[derive(Debug, Clone, Copy)]
pub struct Lanes {
    /// How many cells share the server that nobody kills.
    pub sharing: usize,
    /// How many servers are there to be killed.
    pub mortal: usize,
}

/// What came of a cell.
#[derive(Debug)]
pub struct Judged {
    /// The cell.
    pub cell: Cell,
    /// What is not as it should be; none where it passed.
    pub wrong: Vec<String>,
    /// How long recovery took.
    pub recovery: Duration,
    /// How long all of it took.
    pub took: Duration,
}

/// Plays the cells, with this program as the worker, and tells of each as it ends.
pub async fn run(
    program: &Path,
    cells: &[Cell],
    lanes: Lanes,
    tell: impl Fn(&Judged),
) -> Result<Vec<Judged>, Trouble> {
    let (killing, sharing): (Vec<Cell>, Vec<Cell>) = cells.iter().partition(|cell| cell.kills_server());
    let tell = &tell;
    let shared = async {
        if sharing.is_empty() {
            return Ok(Vec::new());
        }
        let server = Server::start().await?;
        let played = stream::iter(&sharing).map(|cell| played(program, &server, *cell, tell));
        let judged: Vec<Judged> = played.buffer_unordered(lanes.sharing.max(1)).collect().await;
        Ok::<_, Trouble>(judged)
    };
    let lanes = lanes.mortal.clamp(1, killing.len().max(1));
    let mortal = (0..lanes).map(|lane| {
        let own: Vec<Cell> = killing.iter().copied().skip(lane).step_by(lanes).collect();
        async move {
            let mut judged = Vec::new();
            if own.is_empty() {
                return Ok(judged);
            }
            let server = Server::start().await?;
            for cell in own {
                judged.push(played(program, &server, cell, tell).await);
            }
            Ok::<_, Trouble>(judged)
        }
    });
    let (mut all, mortal) = try_join(shared, try_join_all(mortal)).await?;
    all.extend(mortal.into_iter().flatten());
    all.sort_by_key(|judged| judged.cell);
    Ok(all)
}

async fn played(program: &Path, server: &Server, cell: Cell, tell: impl Fn(&Judged)) -> Judged {
    let began = Instant::now();
    let (wrong, recovery) = match Box::pin(judged(program, server, cell)).await {
        Ok(judged) => judged,
        Err(trouble) => (vec![trouble.to_string()], Duration::ZERO),
    };
    let judged = Judged {
        cell,
        wrong,
        recovery,
        took: began.elapsed(),
    };
    tell(&judged);
    judged
}

async fn judged(program: &Path, server: &Server, cell: Cell) -> Result<(Vec<String>, Duration), Trouble> {
    let stage = Stage::make(server, program, &schema(cell), PREPARED).await?;
    let play = Play::play(&stage, cell).await?;
    let wrong = play.judge().await?;
    let recovery = play.recovery;
    stage.take_down().await?;
    Ok((wrong, recovery))
}

/// A schema of the cell's own.
fn schema(cell: Cell) -> String {
    let name = cell.to_string().to_lowercase();
    format!("gate_{}", name.replace(", ", "_").replace(' ', "_"))
}
