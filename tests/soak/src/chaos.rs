//! What goes wrong, and when: the same for the same seed.

use std::time::Duration;

use fastrand::Rng;

/// Something that goes wrong.
#[derive(Clone, Debug)]
pub enum Act {
    RestartModule,
    /// The access point is away for so long.
    LoseWifi(Duration),
    /// The broker is killed, and started again after so long.
    KillBroker(Duration),
    /// Bytes between two lines of the module.
    Noise(Vec<u8>),
    /// A byte on its way to the host is damaged, after so many more.
    DamageToHost(u64, u8),
    DamageToModule(u64, u8),
    LoseToHost(u64),
    LoseToModule(u64),
    /// The application publishes so often without reading, while the far end sends a burst.
    Deaf(usize),
    /// The application does nothing at all for so long, while the far end sends a burst.
    Asleep(Duration),
}

/// What is done when so many messages were sent, those of both ways together.
pub fn script(rng: &mut Rng, messages: usize) -> Vec<(usize, Act)> {
    let rounds = (messages / 2_500).max(1);
    let mut acts = Vec::new();
    for _ in 0..rounds {
        let mut round = round(rng);
        rng.shuffle(&mut round);
        acts.append(&mut round);
    }
    // The last messages go undisturbed, so that what the acts have done shows before the end.
    let distance = 2 * messages * 9 / 10 / acts.len();
    let at = |index: usize, rng: &mut Rng| index * distance + rng.usize(distance / 2..distance);
    (0..)
        .zip(acts)
        .map(|(index, act)| (at(index, rng), act))
        .collect()
}

fn round(rng: &mut Rng) -> Vec<Act> {
    let outage = |rng: &mut Rng| Duration::from_millis(rng.u64(20..600));
    let (wifi, broker) = (outage(rng), outage(rng));
    let mut acts = vec![
        Act::RestartModule,
        Act::RestartModule,
        Act::LoseWifi(wifi),
        Act::KillBroker(broker),
        Act::Deaf(rng.usize(50..100)),
        Act::Asleep(Duration::from_millis(rng.u64(50..200))),
        Act::LoseToHost(rng.u64(0..200)),
        Act::LoseToModule(rng.u64(0..200)),
    ];
    for _ in 0..3 {
        acts.push(Act::DamageToHost(rng.u64(0..200), rng.u8(1..)));
        acts.push(Act::DamageToModule(rng.u64(0..200), rng.u8(1..)));
        let noise = (0..rng.usize(1..12)).map(|_| rng.u8(..));
        acts.push(Act::Noise(noise.collect()));
    }
    acts
}
