/** What the server tells without being asked, as React state. */
import { useEffect, useReducer, useState } from "react";
import type { Change, DrsConsole, Snapshot, World } from "./protocol";
import { type Screen, type ScreenEvent, screenAfter } from "./screen";

function read<T>(event: Event): T {
  return JSON.parse((event as MessageEvent<string>).data) as T;
}

/** Milliseconds. */
const BEFORE_ANOTHER_TRY = 1000;

/** Follow `path`; whether the connection stands. `listen` is given each source that is made for it. */
function useSource(path: string, listen: (source: EventSource) => void): boolean {
  const [isConnected, setConnected] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `listen` is no reason to connect anew
  useEffect(() => {
    let source: EventSource;
    let waiting: ReturnType<typeof setTimeout>;
    const open = () => {
      source = new EventSource(path);
      source.onopen = () => setConnected(true);
      source.onerror = () => {
        setConnected(false);
        // It tries again by itself when the connection breaks, but gives up for good at an answer other than 200.
        if (source.readyState === EventSource.CLOSED) {
          waiting = setTimeout(open, BEFORE_ANOTHER_TRY);
        }
      };
      listen(source);
    };
    open();
    return () => {
      clearTimeout(waiting);
      source.close();
    };
  }, [path]);
  return isConnected;
}

export function useScreen(user: string): [Screen | null, boolean, (event: ScreenEvent) => void] {
  const [screen, dispatch] = useReducer(screenAfter, null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is another user that matters; a new connection hides nothing
  useEffect(() => dispatch({ type: "left" }), [user]);
  const isConnected = useSource(`/api/updates?as=${user}`, (source) => {
    source.addEventListener("snapshot", (event) =>
      dispatch({ type: "snapshot", snapshot: read<Snapshot>(event) }),
    );
    source.addEventListener("change", (event) => dispatch({ type: "change", change: read<Change>(event) }));
  });
  return [screen, isConnected, dispatch];
}

export function useWorld(): [World | null, DrsConsole | null, (world: World) => void] {
  const [world, setWorld] = useState<World | null>(null);
  const [drs, setDrs] = useState<DrsConsole | null>(null);
  useSource("/api/world/updates", (source) => {
    source.addEventListener("world", (event) => setWorld(read<World>(event)));
    source.addEventListener("drs", (event) => setDrs(read<DrsConsole>(event)));
  });
  return [world, drs, setWorld];
}
