//! Order, bounds, and clients that do not read.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::*;

/// A client that takes one write whenever its other end is read; a client that is gone fails writes.
struct Slow(SyncSender<Vec<u8>>);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An outbox, what its client receives, and how often it was hung up.
fn outbox() -> (Arc<Outbox>, Receiver<Vec<u8>>, Arc<AtomicUsize>) {
    let (sender, receiver) = sync_channel(0);
    let hung_up = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&hung_up);
    let hang_up = move || {
        count.fetch_add(1, Ordering::SeqCst);
    };
    (Arc::new(Outbox::new(Box::new(Slow(sender)), Box::new(hang_up), Style::Line)), receiver, hung_up)
}

fn in_thread<T: Send + 'static>(
    outbox: &Arc<Outbox>,
    work: impl FnOnce(&Outbox) -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let outbox = Arc::clone(outbox);
    thread::spawn(move || work(&outbox))
}

#[test]
fn lines_come_in_the_order_in_which_they_were_added() {
    let (outbox, client, hung_up) = outbox();
    let writer = in_thread(&outbox, Outbox::write_until_ended);
    let replies = in_thread(&outbox, |outbox| {
        for number in 0..300 {
            outbox.push_event(format!("event {number}\n").as_bytes());
            outbox.send_reply(format!("reply {number}\n").as_bytes(), || ());
        }
        outbox.finish();
    });
    let expected: String = (0..300).map(|number| format!("event {number}\nreply {number}\n")).collect();
    let mut received = Vec::new();
    while received.len() < expected.len() {
        received.extend(client.recv().unwrap());
    }
    assert_eq!(String::from_utf8(received).unwrap(), expected);
    replies.join().unwrap();
    writer.join().unwrap();
    assert_eq!(hung_up.load(Ordering::SeqCst), 0);
}

#[test]
fn a_client_that_does_not_read_holds_up_its_own_replies() {
    let (outbox, client, _) = outbox();
    let line = vec![b'x'; 10_000];
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let line = line.clone();
            in_thread(&outbox, move |outbox| (0..50).for_each(|_| outbox.send_reply(&line, || ())))
        })
        .collect();
    let mut received = 0;
    while received < 200 * line.len() {
        let piece = client.recv().unwrap().len();
        // One write holds what had waited: the limit, and the line that exceeded it.
        assert!(piece <= REPLY_BYTES + line.len(), "{piece}");
        received += piece;
    }
    writers.into_iter().for_each(|writer| writer.join().unwrap());
}

#[test]
fn a_client_that_leaves_too_many_events_unread_is_given_up() {
    let (outbox, client, hung_up) = outbox();
    let writer = in_thread(&outbox, Outbox::write_until_ended);
    let event = [b'e'; 1000];
    // The client never reads; whoever emits is never held up.
    while !outbox.is_closed() {
        outbox.push_event(&event);
        assert!(outbox.lock().waiting.len() <= EVENT_BYTES);
    }
    assert_eq!(hung_up.load(Ordering::SeqCst), 1);
    assert!(outbox.lock().waiting.capacity() == 0);
    outbox.push_event(&event);
    outbox.send_reply(&event, || ());
    assert!(outbox.lock().waiting.is_empty());
    outbox.finish();
    // What hanging up does for a socket: the write that is under way returns.
    drop(client);
    writer.join().unwrap();
    assert_eq!(hung_up.load(Ordering::SeqCst), 1);
}

#[test]
fn giving_up_lets_those_go_who_wait_for_room() {
    let (outbox, client, _) = outbox();
    let large = vec![b'x'; REPLY_BYTES];
    let writing = in_thread(&outbox, {
        let large = large.clone();
        move |outbox| outbox.send_reply(&large, || ())
    });
    while outbox.lock().writer.is_some() {
        thread::yield_now();
    }
    outbox.send_reply(&large, || ());
    let waiting = in_thread(&outbox, move |outbox| outbox.send_reply(&large, || ()));
    outbox.close();
    waiting.join().unwrap();
    drop(client);
    writing.join().unwrap();
    outbox.finish();
}

#[test]
fn a_failing_write_loses_the_client() {
    let (outbox, client, hung_up) = outbox();
    drop(client);
    outbox.send_reply(b"reply", || ());
    assert!(outbox.is_closed());
    assert_eq!(hung_up.load(Ordering::SeqCst), 1);
}

#[test]
fn offered_events_never_pile_up_and_never_cost_the_client() {
    let (outbox, client, hung_up) = outbox();
    let event = [b'e'; 1000];
    // Nobody writes: everything waits.
    let taken = (0..1000).filter(|_| outbox.offer_event(&event) == Reception::Ready).count();
    assert_eq!(taken, OFFERED_BYTES.div_ceil(event.len()));
    assert_eq!(outbox.reception(), Reception::Behind);
    // Events for everybody have room of their own.
    outbox.push_event(&event);
    assert_eq!((outbox.is_closed(), hung_up.load(Ordering::SeqCst)), (false, 0));
    let writer = in_thread(&outbox, Outbox::write_until_ended);
    assert_eq!(client.recv().unwrap().len(), (taken + 1) * event.len());
    // What waited is written: there is room again.
    assert_eq!(outbox.offer_event(&event), Reception::Ready);
    assert_eq!(client.recv().unwrap().len(), event.len());
    outbox.finish();
    assert_eq!(outbox.offer_event(&event), Reception::Gone);
    writer.join().unwrap();
    assert_eq!(hung_up.load(Ordering::SeqCst), 0);
}

#[test]
fn a_client_that_leaves_is_offered_nothing_more() {
    let (outbox, client, _) = outbox();
    let replying = in_thread(&outbox, |outbox| outbox.send_reply(b"reply", || ()));
    let finishing = in_thread(&outbox, Outbox::finish);
    while outbox.reception() != Reception::Gone {
        thread::yield_now();
    }
    assert_eq!(outbox.offer_event(b"event"), Reception::Gone);
    assert_eq!(client.recv().unwrap(), b"reply");
    replying.join().unwrap();
    finishing.join().unwrap();
}

/// Whether the reply is written at once or waits for an event that is there already.
#[test]
fn what_is_added_once_a_reply_has_its_place_comes_behind_it() {
    let (outbox, client, _) = outbox();
    let work = in_thread(&outbox, |outbox| {
        outbox.send_reply(b"first\n", || outbox.push_event(b"after the first\n"));
        outbox.push_event(b"before the second\n");
        outbox.send_reply(b"second\n", || outbox.push_event(b"after the second\n"));
    });
    let mut received = Vec::new();
    while !received.ends_with(b"after the second\n") {
        received.extend(client.recv().unwrap());
    }
    work.join().unwrap();
    let expected = "first\nafter the first\nbefore the second\nsecond\nafter the second\n";
    assert_eq!(String::from_utf8(received).unwrap(), expected);
}
