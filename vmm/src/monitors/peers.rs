//! Whose programs may connect to a unix socket.

use std::io;
use std::os::unix::net::UnixStream;

use rustix::net::sockopt::socket_peercred;

/// Users and groups that may connect. If neither is named, the mode of the socket's file alone decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peers {
    users: Option<Vec<u32>>,
    groups: Option<Vec<u32>>,
}

/// Somebody else has connected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this monitor is not for user {user} of group {group}")]
pub struct NotWanted {
    user: u32,
    group: u32,
}

impl Peers {
    /// These users, by number, and members of these groups: a program's primary group counts.
    pub fn new(users: Option<Vec<u32>>, groups: Option<Vec<u32>>) -> Self {
        Self { users, groups }
    }

    /// Asks the kernel who is at the other end of `stream`, as it was when they connected.
    ///
    /// # Errors
    /// The kernel's own; and within, that the peer is none of those who may connect.
    pub fn admit(&self, stream: &UnixStream) -> io::Result<Result<(), NotWanted>> {
        if self.users.is_none() && self.groups.is_none() {
            return Ok(Ok(()));
        }
        let credentials = socket_peercred(stream)?;
        Ok(self.check(credentials.uid.as_raw(), credentials.gid.as_raw()))
    }

    fn check(&self, user: u32, group: u32) -> Result<(), NotWanted> {
        let named =
            |list: &Option<Vec<u32>>, number| list.as_ref().is_some_and(|list| list.contains(&number));
        if named(&self.users, user) || named(&self.groups, group) {
            Ok(())
        } else {
            Err(NotWanted { user, group })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_user_and_a_member_of_a_named_group_come_in() {
        let peers = Peers::new(Some(vec![1, 2]), Some(vec![7]));
        assert_eq!(peers.check(2, 9), Ok(()));
        assert_eq!(peers.check(9, 7), Ok(()));
        assert_eq!(peers.check(7, 2), Err(NotWanted { user: 7, group: 2 }));
        assert_eq!(Peers::new(Some(Vec::new()), None).check(0, 0), Err(NotWanted { user: 0, group: 0 }));
    }

    #[test]
    fn the_kernel_says_who_it_is() {
        let (stream, _peer) = UnixStream::pair().unwrap();
        let user = rustix::process::geteuid().as_raw();
        let group = rustix::process::getegid().as_raw();
        assert_eq!(Peers::new(Some(vec![user]), None).admit(&stream).unwrap(), Ok(()));
        assert_eq!(Peers::new(None, Some(vec![group])).admit(&stream).unwrap(), Ok(()));
        let nobody = Peers::new(Some(vec![user.wrapping_add(1)]), None);
        assert_eq!(nobody.admit(&stream).unwrap(), Err(NotWanted { user, group }));
        assert_eq!(Peers::default().admit(&stream).unwrap(), Ok(()));
    }
}
