"""QEMU's own Python client against Ringscope: every command, and the events of the run state.

Called as `python_client.py SOCKET` by python_client.rs; prints one line for each command and exits with 1 if anything is
not as a client written for QEMU expects it.
"""

import asyncio
import sys

from qemu.qmp import QMPClient
from qemu.qmp.qmp_client import ExecuteError

DISK = "/machine/peripheral/disk0/virtio-backend"
QUEUE = {"path": DISK, "queue": 0}

# Each command with its arguments; a command that the server lists and that is missing here is an error.
COMMANDS = [
    ("query-version", {}),
    ("query-commands", {}),
    ("query-qmp-schema", {}),
    ("query-status", {}),
    ("query-name", {}),
    ("query-uuid", {}),
    ("query-memory-size-summary", {}),
    ("query-cpus-fast", {}),
    ("query-iothreads", {}),
    ("query-kvm", {}),
    ("query-target", {}),
    ("set_link", {"name": "net0", "up": True}),
    ("announce-self", {"initial": 50, "max": 550, "rounds": 5, "step": 50}),
    ("query-rx-filter", {"name": "net0"}),
    ("query-block", {}),
    ("query-blockstats", {}),
    ("block_set_io_throttle", {"id": "disk0", "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": 0, "iops_rd": 0, "iops_wr": 0}),
    ("query-rate-limits", {}),
    ("set-rate-limits", {"path": "net0", "limits": {"bytes": {"rate": 10**9}}}),
    ("balloon", {"value": 128 << 20}),
    ("query-balloon", {}),
    ("query-guest-memory", {}),
    ("set-guest-memory-interval", {"seconds": 2}),
    ("query-chardev", {}),
    ("qom-list", {"path": "/machine/peripheral"}),
    ("qom-get", {"path": "disk0", "property": "type"}),
    ("qom-list-types", {}),
    ("device-list-properties", {"typename": "virtio-blk-device"}),
    ("human-monitor-command", {"command-line": "info virtio"}),
    ("x-debug-query-virtio", {}),
    ("x-debug-virtio-status", {"path": DISK}),
    ("x-debug-virtio-queue-status", QUEUE),
    ("x-debug-virtio-queue-element", QUEUE),
    ("x-query-virtio", {}),
    ("x-query-virtio-status", {"path": DISK}),
    ("x-query-virtio-queue-status", QUEUE),
    ("x-query-virtio-queue-element", {"index": 0, **QUEUE}),
    ("query-virtio", {}),
    ("query-virtio-chains", QUEUE),
    ("query-stats", {"target": "vm"}),
    ("query-stats-schemas", {}),
    ("query-statistics", {"targets": ["machine", "vcpu"], "providers": ["kvm"]}),
    ("query-statistics-schemas", {}),
    ("subscribe-statistics", {"targets": ["monitor"], "interval": 1000}),
    ("query-statistics-subscriptions", {}),
    ("unsubscribe-statistics", {"subscription": 1}),
    ("stop", {}),
    ("cont", {}),
    ("system_powerdown", {}),
    ("system_reset", {}),
]

# What is refused, and how: no device of this machine has a vhost backend.
NO_SUCH_COMMAND = "no-such-command"
REFUSED = [
    ("x-query-virtio-vhost-queue-status", QUEUE, "GenericError", "Error: vhost device has not started yet"),
    ("x-query-virtio-queue-status", {**QUEUE, "queue": "0"}, "GenericError", "Parameter 'queue' expects uint64"),
    ("device_add", {"driver": "scsi-hd", "bus": "scsi0"}, "GenericError", "Bus 'scsi0' not found"),
    ("device_del", {"id": "disk9"}, "DeviceNotFound", "Device 'disk9' not found"),
    (NO_SUCH_COMMAND, {}, "CommandNotFound", "The command no-such-command has not been found"),
]

# The client negotiates by itself; quit comes last.
APART = {"qmp_capabilities", "quit"}


async def run_commands(client):
    listed = {command["name"] for command in await client.execute("query-commands")}
    known = {name for name, *_ in COMMANDS + REFUSED} - {NO_SUCH_COMMAND} | APART
    if listed != known:
        raise SystemExit(f"not tried: {sorted(listed - known)}; not offered: {sorted(known - listed)}")
    for name, arguments in COMMANDS:
        reply = await client.execute(name, arguments)
        print(f"{name}: {len(str(reply))} characters")


async def receive_run_state_events(client):
    with client.listener(("STOP", "RESUME")) as listener:
        await client.execute("stop")
        await client.execute("cont")
        received = [(await listener.get())["event"] for _ in range(2)]
    if received != ["STOP", "RESUME"]:
        raise SystemExit(f"expected STOP and RESUME, received {received}")
    print("events: STOP, RESUME")


async def expect_error(client, name, arguments, error_class, description):
    try:
        await client.execute(name, arguments)
    except ExecuteError as error:
        if (error.error_class, str(error)) != (error_class, description):
            raise SystemExit(f"{name}: {error.error_class}: {error}") from error
        print(f"{name}: refused as expected: {description}")
        return
    raise SystemExit(f"{name} with {arguments} was accepted")


async def main(socket):
    client = QMPClient("ringscope")
    await client.connect(socket)
    await run_commands(client)
    await receive_run_state_events(client)
    for refused in REFUSED:
        await expect_error(client, *refused)
    with client.listener("SHUTDOWN") as listener:
        await client.execute("quit")
        event = await asyncio.wait_for(listener.get(), timeout=10)
    print(f"quit: {event['data']['reason']}")
    try:
        await client.disconnect()
    except EOFError:
        pass  # The server has hung up first, as it should after quit.


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
