/** The app's Home tab. Opening it is an event to the app, which then publishes what is shown. */
import { useEffect } from "react";
import { Blocks } from "./blocks/blocks";
import type { View } from "./protocol";
import { blocksOf } from "./values";
import { useHere } from "./workspace";

export function Home({ view }: { view: View | null }) {
  const { act, workspace } = useHere();
  const { hasHome, name } = workspace.app;
  useEffect(() => {
    if (hasHome) {
      void act({ act: "open_home" });
    }
  }, [act, hasHome]);
  return (
    <section className="channel home" aria-label="App Home">
      <header className="pane-head">
        <h1>{name}</h1>
        <span className="members">Home</span>
      </header>
      <div className="scroll">
        {view ? (
          <Blocks
            blocks={blocksOf(view.definition)}
            use={{
              onUse: (element, value) =>
                act({ act: "click_in_view", actionId: element.action_id, value, inHome: true }),
            }}
          />
        ) : (
          <div className="welcome">
            <h2>{hasHome ? "Nothing here yet" : "This app has no Home"}</h2>
            <p>{hasHome ? "The app was told that you opened it." : "Its manifest does not switch one on."}</p>
          </div>
        )}
      </div>
    </section>
  );
}
