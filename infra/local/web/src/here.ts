/** Acting for whoever one is: what is refused is told, what asks back is asked. */
import { useCallback, useMemo, useRef, useState } from "react";
import { order, perform, Refused } from "./api";
import { worldTimeAt } from "./format";
import type { Act, Person, Workspace, World, WorldOrder } from "./protocol";
import type { Confirm } from "./values";
import type { Here, Wanted } from "./workspace";

/** A question that waits for its answer, and what a yes leads to. */
export interface Asked {
  ask: Confirm;
  go: () => void;
}

interface Acting {
  here: Here;
  asked: Asked | null;
  setAsked: (asked: Asked | null) => void;
  /** What could not be done, in words. */
  told: readonly string[];
  putAway: (text: string) => void;
  /** Tell the world what to do; the world afterwards, unless it refused. */
  obeyed: (wanted: WorldOrder) => Promise<World | undefined>;
}

export function useActing(workspace: Workspace, me: Person, world: World | null): Acting {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [told, setTold] = useState<string[]>([]);
  const clock = useRef(world);
  clock.current = world;
  const guarded = useCallback(async <T>(doing: Promise<T>): Promise<T | undefined> => {
    try {
      return await doing;
    } catch (error) {
      const text = error instanceof Refused ? error.message : "The local stack does not answer.";
      setTold((all) => [...all.filter((each) => each !== text), text]);
      return undefined;
    }
  }, []);
  const here = useMemo<Here>(
    () => ({
      workspace,
      me,
      worldNow: () => worldTimeAt(clock.current, Date.now() / 1000),
      act: (wanted: Wanted) => guarded(perform({ as: me.id, ...wanted } as Act)),
      confirmed: (ask, go) => (ask ? setAsked({ ask, go }) : go()),
    }),
    [workspace, me, guarded],
  );
  const putAway = (text: string) => setTold((all) => all.filter((each) => each !== text));
  return { here, asked, setAsked, told, putAway, obeyed: (wanted) => guarded(order(wanted)) };
}
