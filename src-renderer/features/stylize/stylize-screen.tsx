// An image in the style of another, beside both: what condition-invariant training will see.
import { SegmentedControl, Slider } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowsExchange, IconPhoto } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { STYLE_NAMES, STYLES } from "../../../src-shared/contract/style.ts";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { useStageBackground } from "../../panes/stage-background.ts";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { type PhotoState, useLayerStyle, usePhoto } from "../../state/use-picture.ts";
import { FITTED } from "../../viewer/linked-views.ts";
import type { Picture } from "../../viewer/picture.ts";
import type { PaneContent } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import { ImagePicker } from "./image-picker.tsx";
import { betaAt, type Chosen, changedSide, styleOf, stylizeViews, useStylizeView } from "./stylize-view.ts";
import { type ChosenImage, useChosenImage } from "./use-chosen-image.ts";
import "./stylize-screen.css";

/** A slider that moves asks for a picture this often at most. */
const PAUSE_MS = 60;

export function StylizeScreen() {
  const { data: datasets, error } = useQuery(queries.datasets());
  const usable = useMemo(
    () => datasets?.filter(({ isAvailable, imageCount }) => isAvailable && imageCount > 0),
    [datasets],
  );
  const view = useStylizeView();
  const content = useChosenImage(view.content, usable ?? [], "clear");
  const style = useChosenImage(view.style, usable ?? [], "night");
  if (error !== null && datasets === undefined) return <Notice level="error">{sentenceOf(error)}</Notice>;
  if (usable?.length === 0) {
    return (
      <EmptyState icon={<IconPhoto size={28} stroke={1.5} />} title="No images are open">
        Open a folder of images, or the sample, on the Datasets screen.
      </EmptyState>
    );
  }
  const choices = usable ?? [];
  return (
    <ScreenFrame title="Stylize" detail="one image in the light and colours of another">
      <div className="stylize-controls">
        {content.dataset !== null && (
          <ImagePicker
            name="Image"
            datasets={choices}
            dataset={content.dataset}
            image={content.image}
            onChoose={(chosen) => useStylizeView.setState({ content: chosen })}
          />
        )}
        <IconButton
          label="Swap image and style"
          onClick={() => useStylizeView.setState({ content: chosenOf(style), style: chosenOf(content) })}
        >
          <IconArrowsExchange size={16} />
        </IconButton>
        {style.dataset !== null && (
          <ImagePicker
            name="Style"
            datasets={choices}
            dataset={style.dataset}
            image={style.image}
            onChoose={(chosen) => useStylizeView.setState({ style: chosen })}
          />
        )}
        <SegmentedControl
          aria-label="How the style is put on"
          value={view.kind}
          onChange={(kind) => useStylizeView.setState({ kind })}
          data={STYLES.map((kind) => ({ value: kind, label: STYLE_NAMES[kind] }))}
        />
        {view.kind === "fourier" && <BetaSlider image={content.image} />}
      </div>
      {content.image !== undefined && style.image !== undefined && (
        <Pictures content={content.image} style={style.image} />
      )}
    </ScreenFrame>
  );
}

/** What a side shows, whether somebody chose it or not. */
function chosenOf({ dataset, image }: ChosenImage): Chosen {
  return { datasetId: dataset?.id ?? null, imageId: image?.id ?? null };
}

function BetaSlider({ image }: { readonly image: ImageItem | undefined }) {
  const place = useStylizeView((view) => view.place);
  const beta = betaAt(place);
  const { photo } = usePhoto(image === undefined ? null : routes.photo(image.id));
  const side = photo === null ? null : changedSide(beta, photo);
  return (
    <div className="beta-slider">
      <span className="beta-slider-name">Beta</span>
      <Slider
        thumbLabel="Beta"
        min={0}
        max={1}
        step={0.005}
        label={null}
        value={place}
        onChange={(to) => useStylizeView.setState({ place: to })}
        thumbValueText={(at) => betaAt(at).toFixed(3)}
      />
      <span className="beta-slider-value">
        {beta.toFixed(3)}
        {side !== null && <span className="dimmed">{` ${side} × ${side} coefficients`}</span>}
      </span>
    </div>
  );
}

interface PicturesProps {
  readonly content: ImageItem;
  readonly style: ImageItem;
}

/** Moved and enlarged together. */
function Pictures({ content, style }: PicturesProps) {
  const background = useStageBackground();
  const view = useStylizeView();
  const asked = routes.stylized(content.id, style.id, styleOf(view));
  const [url] = useDebouncedValue(asked, PAUSE_MS);
  const styled = useLastPhoto(usePhoto(url), `${content.id} ${style.id}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image is looked at from the start
  useEffect(() => stylizeViews.set(FITTED), [content.id]);
  return (
    <ViewerStage views={stylizeViews} background={background} className="stylize-stage">
      <Pane name="Image" detail={content.key} state={usePhoto(routes.photo(content.id))} />
      <Pane name="Stylized" detail={`as ${style.key}`} state={styled} />
      <Pane name="Style" detail={style.key} state={usePhoto(routes.photo(style.id))} />
    </ViewerStage>
  );
}

/** Of the same images the last picture stays until the next one has come. */
function useLastPhoto(state: PhotoState, key: string): PhotoState {
  const last = useRef<{ readonly key: string; readonly photo: PhotoState["photo"] }>({ key, photo: null });
  if (last.current.key !== key || state.photo !== null) last.current = { key, photo: state.photo };
  return state.problem === null ? { ...state, photo: last.current.photo } : state;
}

interface PaneProps {
  readonly name: string;
  readonly detail: string;
  readonly state: PhotoState;
}

function Pane({ name, detail, state: { photo, problem } }: PaneProps) {
  // Nothing is drawn over photographs here: colours of classes do not matter.
  const style = useLayerStyle(19);
  const content = useMemo((): PaneContent => {
    const picture: Picture | null =
      photo === null ? null : { width: photo.width, height: photo.height, photo, layer: { kind: "none" } };
    return { picture, split: null, style };
  }, [photo, style]);
  return (
    <figure className="stylize-frame" aria-busy={photo === null && problem === null}>
      <ViewerPane id={name} content={content} views={stylizeViews} label={name} className="stylize-pane" />
      <figcaption className="stylize-caption" title={detail}>
        {name} <span className="stylize-caption-detail">{detail}</span>
      </figcaption>
      {problem !== null && (
        <div className="stylize-problem">
          <Notice level="error">{problem}</Notice>
        </div>
      )}
    </figure>
  );
}
