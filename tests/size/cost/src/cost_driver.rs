//! Instructions that the driver takes to receive.
#![no_std]
#![no_main]

use core::cell::Cell;
use core::hint::black_box;

use esp8266_mqtt::{Buffers, Esp8266Mqtt};
use size_cost::{
    CHUNKS, Feed, LINE_441, LINE_4096, NoDelay, PAYLOADS, QUEUE, QUEUED_LINE, QUEUES, TOPICS,
    figure, figure_of, finish, instructions, instructions_of_uart, timer,
};

type Driver<'a> = Esp8266Mqtt<'a, Feed<'a>, NoDelay>;

/// Polls until `count` messages have been received that have arrived. Instructions beside those of the UART.
fn receive(
    module: &mut Driver<'_>,
    (arrived, chunk): (&Cell<&'static [u8]>, &Cell<usize>),
    lines: &'static [u8],
    count: usize,
) -> u32 {
    let mut received = 0;
    arrived.set(lines);
    let total = instructions(|| {
        while received < count
            && let Ok(message) = module.poll_receive()
        {
            black_box((message.topic(), message.payload()));
            received += 1;
        }
    });
    assert!(received == count && module.poll_receive().is_err());
    total - instructions_of_uart(lines, chunk.get(), &mut [0; 1024])
}

#[cortex_m_rt::entry]
fn main() -> ! {
    timer::start();
    let (arrived, chunk) = (Cell::new(&[][..]), Cell::new(16));
    let feed = Feed {
        arrived: &arrived,
        chunk: &chunk,
    };
    let (mut rx, mut tx) = ([0; 4608], [0; 256]);
    let mut module = Esp8266Mqtt::new(feed, NoDelay, Buffers::new(&mut rx, &mut tx));
    let idle = instructions(|| {
        let _ = black_box(module.poll_receive());
    });
    figure("driver.idle", idle);
    let feed = (&arrived, &chunk);
    for (payload, line) in PAYLOADS {
        figure_of(
            "driver.payload",
            payload,
            receive(&mut module, feed, line, 1),
        );
    }
    for (topic, line) in TOPICS {
        figure_of("driver.topic", topic, receive(&mut module, feed, line, 1));
    }
    for count in QUEUES {
        let lines = &QUEUE[..count * QUEUED_LINE];
        figure_of(
            "driver.queue.chunk_16",
            count,
            receive(&mut module, feed, lines, count),
        );
    }
    chunk.set(usize::MAX);
    for count in QUEUES {
        let lines = &QUEUE[..count * QUEUED_LINE];
        figure_of(
            "driver.queue",
            count,
            receive(&mut module, feed, lines, count),
        );
    }
    for size in CHUNKS {
        chunk.set(size);
        let count = receive(&mut module, feed, &LINE_441, 1);
        figure_of("driver.receive_441.chunk", size, count);
        let count = receive(&mut module, feed, &LINE_4096, 1);
        figure_of("driver.receive_4096.chunk", size, count);
    }
    finish()
}
