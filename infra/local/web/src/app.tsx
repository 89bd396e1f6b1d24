/** The page: who one is, where one is, and what lies over it. */
import { type Dispatch, useCallback, useState } from "react";
import { About } from "./about";
import { Banner } from "./banner";
import { Channel } from "./channel/channel";
import { Thread } from "./channel/thread";
import { useDrawers } from "./drawers";
import { useActing } from "./here";
import { Home } from "./home";
import { useScreen, useWorld } from "./live";
import { Overlays } from "./overlays";
import { WorldPanel } from "./panel/world-panel";
import type { Message, Person, Workspace, WorldOrder } from "./protocol";
import type { Screen, ScreenEvent } from "./screen";
import { type Place, Sidebar } from "./sidebar";
import { HereProvider } from "./workspace";

interface Root {
  channel: string;
  ts: string;
}

export function App({ workspace }: { workspace: Workspace }) {
  const people = workspace.people.filter((each) => !each.isBot);
  const [first] = people;
  const [me, setMe] = useState(first);
  if (me === undefined) {
    return <p className="loading">There is nobody in this workspace.</p>;
  }
  const become = (user: string) => setMe(people.find((each) => each.id === user));
  return <Page workspace={workspace} me={me} onBecome={become} />;
}

interface PageProps {
  workspace: Workspace;
  me: Person;
  onBecome: (user: string) => void;
}

function Page({ workspace, me, onBecome }: PageProps) {
  const [wanted, setWanted] = useState<Place>({ kind: "channel", id: workspace.mainChannel });
  const [thread, setThread] = useState<Root | null>(null);
  const drawers = useDrawers();
  const [isAbout, setAbout] = useState(false);
  const [screen, isConnected, dispatch] = useScreen(me.id);
  const [world, drs, setWorld] = useWorld();
  const acting = useActing(workspace, me, world);
  const place = within(wanted, screen, workspace.mainChannel);
  const root = thread && screen?.messages.get(thread.channel)?.find((each) => each.ts === thread.ts);
  const go = (there: Place) => {
    setWanted(there);
    setThread(null);
    drawers.close();
  };
  const obey = async (given: WorldOrder) => {
    const after = await acting.obeyed(given);
    if (after) {
      setWorld(after);
    }
  };
  return (
    <HereProvider value={acting.here}>
      <a className="skip" href="#main">
        Skip to messages
      </a>
      <Banner
        isConnected={isConnected}
        isSidebarOpen={drawers.open === "sidebar"}
        isPanelShown={drawers.isPanelShown}
        onAbout={() => setAbout(true)}
        onSide={drawers.toggle}
      />
      <div className={`columns ${root ? "with-thread" : ""} ${drawers.className}`}>
        <Sidebar
          workspace={workspace}
          channels={screen?.channels ?? []}
          place={place}
          onGo={go}
          onBecome={onBecome}
        />
        <Reading
          me={me}
          place={place}
          screen={screen}
          root={root ?? null}
          onThread={setThread}
          dispatch={dispatch}
        />
        <WorldPanel world={world} drs={drs} onOrder={(given) => void obey(given)} />
      </div>
      <Overlays
        key={me.id}
        modals={screen?.modals ?? []}
        asked={acting.asked}
        onAnswered={() => acting.setAsked(null)}
        toasts={[
          ...acting.told.map((text) => ({ key: text, text, onClose: () => acting.putAway(text) })),
          ...warnings(screen).map(({ seq, text }) => ({
            key: `${seq}`,
            text,
            onClose: () => dispatch({ type: "put_away", seq }),
          })),
        ]}
      />
      {isAbout && <About onClose={() => setAbout(false)} />}
    </HereProvider>
  );
}

/** Where one wants to be, or the main channel, if that is a conversation of somebody else. */
function within(wanted: Place, screen: Screen | null, main: string): Place {
  const isThere = wanted.kind === "home" || screen?.channels.some((each) => each.id === wanted.id);
  return isThere ? wanted : { kind: "channel", id: main };
}

interface ReadingProps {
  me: Person;
  place: Place;
  screen: Screen | null;
  /** The message whose thread is open. */
  root: Message | null;
  onThread: (root: Root | null) => void;
  dispatch: Dispatch<ScreenEvent>;
}

/** What one reads: a channel or the App Home, and beside it a thread. */
function Reading({ me, place, screen, root, onThread, dispatch }: ReadingProps) {
  const open = useCallback(
    (message: Message) => onThread({ channel: message.channel, ts: message.threadTs ?? message.ts }),
    [onThread],
  );
  if (screen === null) {
    return <main id="main" tabIndex={-1} />;
  }
  const channel = screen.channels.find((each) => place.kind === "channel" && each.id === place.id);
  const ofThread = screen.channels.find((each) => each.id === root?.channel);
  return (
    <>
      <main id="main" tabIndex={-1}>
        {place.kind === "home" && <Home key={me.id} view={screen.home} />}
        {channel && (
          <Channel
            key={`${me.id}/${channel.id}`}
            channel={channel}
            screen={screen}
            onOpenThread={open}
            onPutAway={(seq) => dispatch({ type: "put_away", seq })}
          />
        )}
      </main>
      {root && ofThread && (
        <Thread
          key={`${me.id}/${root.ts}`}
          root={root}
          channel={ofThread}
          screen={screen}
          dispatch={dispatch}
          onClose={() => onThread(null)}
        />
      )}
    </>
  );
}

/** Slack's notices that have no place in a channel: beside a button, or in a modal. */
function warnings(screen: Screen | null) {
  return (screen?.notices ?? []).filter((notice) => !(notice.channel && notice.about.startsWith("/")));
}
