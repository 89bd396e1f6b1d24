/** The panel at the right: how fast the world runs, and what goes wrong in it. */
import { useEffect, useState } from "react";
import { worldTime, worldTimeAt } from "../format";
import type { DrsConsole, Fault, World, WorldOrder } from "../protocol";
import { Console } from "./console";

interface WorldPanelProps {
  world: World | null;
  drs: DrsConsole | null;
  onOrder: (wanted: WorldOrder) => void;
}

const TABS = { world: "The world", drs: "DRS console" } as const;

export function WorldPanel({ world, drs, onOrder }: WorldPanelProps) {
  const [tab, setTab] = useState<keyof typeof TABS>("world");
  /** There are two: either arrow leads to the other. */
  const turn = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const other = tab === "world" ? "drs" : "world";
      setTab(other);
      document.getElementById(`tab-${other}`)?.focus();
    }
  };
  return (
    <aside className="panel" aria-label="The world">
      <div className="tabs" role="tablist" aria-label="Behind the scenes" onKeyDown={turn}>
        {Object.entries(TABS).map(([key, name]) => (
          <button
            key={key}
            id={`tab-${key}`}
            type="button"
            role="tab"
            aria-selected={tab === key}
            tabIndex={tab === key ? 0 : -1}
            aria-controls="panel-body"
            onClick={() => setTab(key as keyof typeof TABS)}
          >
            {name}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div id="panel-body" className="scroll" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === "drs" && drs && <Console drs={drs} />}
        {tab === "world" && world && (
          <>
            <Time world={world} onOrder={onOrder} />
            <Faults world={world} drs={drs} onOrder={onOrder} />
            <Failures world={world} />
          </>
        )}
      </div>
    </aside>
  );
}

function Time({ world, onOrder }: { world: World; onOrder: (wanted: WorldOrder) => void }) {
  return (
    <section aria-label="Time">
      <h2>Time</h2>
      <Clock world={world} />
      <fieldset className="speeds" aria-label="Speed">
        {[0, ...world.speeds].map((speed) => (
          <button
            key={speed}
            type="button"
            aria-pressed={world.speed === speed}
            onClick={() => onOrder({ order: "speed", speed })}
          >
            {speed === 0 ? "Pause" : `×${speed}`}
          </button>
        ))}
      </fieldset>
    </section>
  );
}

function Clock({ world }: { world: World }) {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now() / 1000), 250);
    return () => clearInterval(ticking);
  }, []);
  return (
    <p className="clock" aria-hidden="true">
      {worldTime(worldTimeAt(world, now))}
      {world.speed === 0 && <span> paused</span>}
    </p>
  );
}

function Faults({ world, drs, onOrder }: Omit<WorldPanelProps, "world"> & { world: World }) {
  const isSomethingWrong =
    world.faults.some((fault) => fault.isOn) || Object.keys(world.serverFaults).length > 0;
  return (
    <section aria-label="What goes wrong">
      <h2>What goes wrong</h2>
      <div className="faults">
        {world.faults
          .filter((fault) => fault.scope !== "server")
          .map((fault) => (
            <label key={fault.name}>
              <input
                type="checkbox"
                checked={fault.isOn}
                onChange={(event) => onOrder({ order: "fault", name: fault.name, on: event.target.checked })}
              />
              <span>
                {fault.label}
                {fault.scope === "once" && <span className="badge">ONCE</span>}
                <small>{fault.tells}</small>
              </span>
            </label>
          ))}
      </div>
      <ServerFaults
        faults={world.faults.filter((fault) => fault.scope === "server")}
        world={world}
        drs={drs}
        onOrder={onOrder}
      />
      <button
        type="button"
        className="button"
        disabled={!isSomethingWrong}
        onClick={() => onOrder({ order: "mend" })}
      >
        Mend everything
      </button>
    </section>
  );
}

function ServerFaults({
  faults,
  world,
  drs,
  onOrder,
}: Omit<WorldPanelProps, "world"> & { faults: Fault[]; world: World }) {
  const servers = drs?.servers ?? [];
  const [chosen, setChosen] = useState("");
  const server = chosen || (servers[0]?.id ?? "");
  const nameOf = (id: string) => servers.find((each) => each.id === id)?.name ?? id;
  const others = Object.keys(world.serverFaults).filter((id) => id !== server);
  return (
    <fieldset className="server-faults">
      <legend>Of one server</legend>
      <label htmlFor="faulty">Server</label>
      <select id="faulty" value={server} onChange={(event) => setChosen(event.target.value)}>
        {servers.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
            {each.usedBy[0] ? ` (${each.usedBy[0]})` : ""}
          </option>
        ))}
      </select>
      {faults.map((fault) => (
        <label key={fault.name}>
          <input
            type="checkbox"
            checked={world.serverFaults[server]?.includes(fault.name) ?? false}
            onChange={(event) =>
              onOrder({ order: "fault", name: fault.name, on: event.target.checked, server })
            }
          />
          <span>
            {fault.label}
            <small>{fault.tells}</small>
          </span>
        </label>
      ))}
      {others.length > 0 && <p className="hint">Also: {others.map(nameOf).join(", ")}</p>}
    </fieldset>
  );
}

function Failures({ world }: { world: World }) {
  if (world.failures.length === 0) {
    return null;
  }
  return (
    <section aria-label="Functions that failed">
      <h2>Functions that failed</h2>
      <ul className="failures">
        {world.failures.toReversed().map((failure) => (
          <li key={`${failure.function}/${failure.at}`}>
            <strong>{failure.function}</strong> at {worldTime(failure.at)}
            <small>{failure.error}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
