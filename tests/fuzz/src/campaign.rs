//! Many inputs, one after the other, and what came of them.

use crate::compare::{Compared, Disagreement, Question, Rule, compare};
use crate::input::{Input, Shape};
use crate::judge::{Judge, JudgeError, Verdict};
use crate::mutate::parts;
use serde::Serialize;
use sql::SqlMode;

/// How many inputs are compared at once.
const BATCH: usize = 1000;
/// How many disagreements are made small; one cause shows in many inputs.
const SHRUNK: usize = 25;

/// What came of many inputs.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// How many inputs.
    pub inputs: usize,
    /// How many texts the server judged.
    pub judged: usize,
    /// How many texts it took for one statement.
    pub statements: usize,
    /// How many it took for a syntax error.
    pub refused: usize,
    /// How many it refused before it had read all of them.
    pub unknown: usize,
    /// How many that it accepts we refuse on purpose.
    pub refused_on_purpose: usize,
    /// Where we disagree.
    pub disagreements: Vec<Disagreement>,
}

/// A judge, and the report so far.
#[derive(Debug)]
pub struct Campaign {
    judge: Judge,
    report: Report,
}

impl Campaign {
    /// Opens a session with the judge.
    pub async fn open() -> Result<Self, JudgeError> {
        Ok(Self {
            judge: Judge::open().await?,
            report: Report::default(),
        })
    }

    /// Runs the inputs of these numbers; `step` is told after every batch how many are done.
    pub async fn run(
        &mut self,
        seeds: std::ops::Range<u64>,
        step: impl Fn(&Report),
    ) -> Result<(), JudgeError> {
        let mut inputs = Vec::with_capacity(BATCH);
        for seed in seeds.clone() {
            inputs.push(Input::of(seed));
            if inputs.len() == BATCH || seed + 1 == seeds.end {
                self.take(&inputs).await?;
                inputs.clear();
                step(&self.report);
            }
        }
        Ok(())
    }

    /// Compares these inputs.
    pub async fn take(&mut self, inputs: &[Input]) -> Result<(), JudgeError> {
        let (found, verdicts) = disagreements(&mut self.judge, inputs).await?;
        for verdict in verdicts.iter().flatten() {
            match verdict {
                Verdict::Statement(_) => self.report.statements += 1,
                Verdict::Refused => self.report.refused += 1,
                Verdict::Unknown(_) => self.report.unknown += 1,
                Verdict::Empty => {}
            }
        }
        for found in found {
            match found {
                Found::Refused => self.report.refused_on_purpose += 1,
                Found::Broken(disagreement) => {
                    let small = if self.report.disagreements.len() < SHRUNK {
                        shrunk(&mut self.judge, disagreement).await?
                    } else {
                        disagreement
                    };
                    self.report.disagreements.push(small);
                }
            }
        }
        self.report.inputs += inputs.len();
        self.report.judged = self.judge.judged();
        Ok(())
    }

    /// The report; the session ends.
    pub async fn close(self) -> Report {
        self.judge.close().await;
        self.report
    }
}

/// What may come of one input.
#[derive(Debug)]
enum Found {
    Refused,
    Broken(Disagreement),
}

async fn disagreements(
    judge: &mut Judge,
    inputs: &[Input],
) -> Result<(Vec<Found>, Vec<Vec<Verdict>>), JudgeError> {
    let texts: Vec<Vec<(SqlMode, &str)>> = inputs
        .iter()
        .map(|input| {
            input
                .texts()
                .iter()
                .map(|text| (input.mode, text.as_str()))
                .collect()
        })
        .collect();
    let verdicts = grouped(judge, &texts).await?;
    let compared: Vec<Compared> = inputs
        .iter()
        .zip(&verdicts)
        .map(|(input, verdicts)| compare(input, verdicts))
        .collect();
    let asked: Vec<(&Input, &Question)> = inputs
        .iter()
        .zip(&compared)
        .flat_map(|(input, compared)| compared.questions.iter().map(move |question| (input, question)))
        .collect();
    let texts: Vec<Vec<(SqlMode, &str)>> = asked
        .iter()
        .map(|(input, question)| {
            question
                .texts
                .iter()
                .map(|text| (input.mode, text.as_str()))
                .collect()
        })
        .collect();
    let answers = grouped(judge, &texts).await?;
    let mut found = Vec::new();
    for (input, compared) in inputs.iter().zip(&compared) {
        found.extend(compared.refused.then_some(Found::Refused));
        found.extend(
            compared
                .broken
                .iter()
                .map(|(rule, detail)| broken(*rule, input, detail.clone())),
        );
    }
    for ((input, question), answers) in asked.iter().zip(&answers) {
        if question.is_broken(answers) {
            let detail = format!("the server says {answers:?} of {:?}", question.texts);
            found.push(broken(question.rule, input, detail));
        }
    }
    Ok((found, verdicts))
}

fn broken(rule: Rule, input: &Input, detail: String) -> Found {
    Found::Broken(Disagreement {
        rule,
        input: input.clone(),
        detail,
    })
}

/// The verdicts, in the groups of the texts.
async fn grouped(
    judge: &mut Judge,
    groups: &[Vec<(SqlMode, &str)>],
) -> Result<Vec<Vec<Verdict>>, JudgeError> {
    let flat: Vec<(SqlMode, &str)> = groups.iter().flatten().copied().collect();
    let mut verdicts = judge.judge(&flat).await?.into_iter();
    Ok(groups
        .iter()
        .map(|group| verdicts.by_ref().take(group.len()).collect())
        .collect())
}

/// The same disagreement in fewer words, as far as leaving out parts leads.
async fn shrunk(judge: &mut Judge, mut disagreement: Disagreement) -> Result<Disagreement, JudgeError> {
    let Shape::Text(text) = &disagreement.input.shape else {
        return Ok(disagreement);
    };
    let mut best = parts(text);
    let mut size = best.len().div_ceil(2);
    while size > 0 {
        let smaller: Vec<Vec<String>> = (0..best.len().div_ceil(size))
            .map(|chunk| without(&best, chunk * size, size))
            .collect();
        let inputs: Vec<Input> = smaller
            .iter()
            .map(|parts| Input {
                mode: disagreement.input.mode,
                shape: Shape::Text(parts.concat()),
            })
            .collect();
        let (found, _) = disagreements(judge, &inputs).await?;
        let same = found.into_iter().find_map(|found| match found {
            Found::Broken(other) if other.rule == disagreement.rule => Some(other),
            Found::Broken(_) | Found::Refused => None,
        });
        match same {
            Some(other) => {
                if let Shape::Text(text) = &other.input.shape {
                    best = parts(text);
                }
                size = size.min(best.len().div_ceil(2));
                disagreement = other;
            }
            None => size /= 2,
        }
    }
    Ok(disagreement)
}

fn without(parts: &[String], at: usize, size: usize) -> Vec<String> {
    let kept = parts
        .iter()
        .enumerate()
        .filter(|(index, _)| !(at..at + size).contains(index));
    kept.map(|(_, part)| part.clone()).collect()
}
