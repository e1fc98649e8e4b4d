// A map of our own outlines without tiles: one pin to put (data-picker) or to show (data-place).
"use strict";

const ORNAMENT = "http://www.w3.org/2000/svg";

function pinIcon() {
  const svg = document.createElementNS(ORNAMENT, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  const drop = document.createElementNS(ORNAMENT, "path");
  drop.setAttribute("d", "M12 22c4-4.3 7-7.7 7-11.5a7 7 0 0 0-14 0c0 3.8 3 7.200 7 11.5z");
  const eye = document.createElementNS(ORNAMENT, "circle");
  eye.setAttribute("cx", "12");
  eye.setAttribute("cy", "10.5");
  eye.setAttribute("r", "2.5");
  svg.append(drop, eye);
  const holder = document.createElement("div");
  holder.append(svg);
  return L.divIcon({ html: holder, className: "pin", iconSize: [40, 40], iconAnchor: [20, 37] });
}

const VILLAGES_FROM_ZOOM = 8;

function open(sheet, outlines) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(sheet, {
    attributionControl: Boolean(outlines.attribution),
    zoomControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    minZoom: 4,
    maxZoom: 16,
  });
  L.control.zoom({ zoomInTitle: sheet.dataset.nearer, zoomOutTitle: sheet.dataset.farther }).addTo(map);
  if (outlines.attribution) map.attributionControl.setPrefix(false).addAttribution(outlines.attribution);
  return map;
}

function said({ properties }) {
  return properties.said === undefined ? properties.name : `${properties.name}: ${properties.said}`;
}

function drawAreas(map, outlines) {
  const areas = L.geoJSON(outlines, {
    // Colours stand in parts/map.css.
    style: ({ properties }) => ({ className: properties.step === undefined ? "area" : `area step-${properties.step}` }),
    onEachFeature: (feature, layer) => {
      if (!feature.properties.name) return;
      const label = document.createElement("span");
      label.textContent = said(feature);
      layer.bindTooltip(label, { sticky: true });
      if (feature.properties.href) layer.on("dblclick", () => window.location.assign(feature.properties.href));
    },
  }).addTo(map);
  if (areas.getLayers().length) map.fitBounds(areas.getBounds());
  else map.setView([48, 67], 4);
  return areas;
}

// Names come in order of weight; one that would lie on an earlier one waits for the next zoom.
function spread(labels) {
  const taken = [];
  for (const { label, minZoom, zoom } of labels) {
    label.classList.remove("unplaced");
    const box = label.getBoundingClientRect();
    const meets = (other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    if (zoom < minZoom || taken.some(meets)) label.classList.add("unplaced");
    else taken.push(box);
  }
}

function drawPlaces(map, places) {
  const markers = [...places]
    .sort((one, other) => other[3] - one[3])
    .map(([name, lat, lon, isDistrict]) => {
      const words = document.createElement("span");
      words.textContent = name;
      const marker = L.circleMarker([lat, lon], { radius: 3, className: "dot", interactive: false })
        .bindTooltip(words, { permanent: true, direction: "auto", className: isDistrict ? "place" : "place place-small" })
        .addTo(map);
      return { marker, minZoom: isDistrict ? 0 : VILLAGES_FROM_ZOOM };
    });
  const arrange = () => {
    const zoom = map.getZoom();
    for (const { marker, minZoom } of markers) {
      marker.getElement()?.classList.toggle("unplaced", zoom < minZoom);
    }
    spread(markers.map(({ marker, minZoom }) => ({ label: marker.getTooltip().getElement(), minZoom, zoom })));
  };
  map.on("zoomend resize", arrange);
  arrange();
}

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function unfold(part) {
  const outlines = read(part.dataset.outlines);
  part.hidden = false;
  const map = open(part.querySelector("[data-map]"), outlines);
  const areas = drawAreas(map, outlines);
  drawPlaces(map, outlines.places);
  return { map, areas };
}

function pick(part) {
  const { map } = unfold(part);
  const lat = document.getElementById(part.dataset.lat);
  const lon = document.getElementById(part.dataset.lon);
  const word = part.querySelector("[data-said]");
  const clear = part.querySelector("[data-clear]");
  let pin = null;

  const write = (point) => {
    lat.value = point ? point.lat.toFixed(6) : "";
    lon.value = point ? point.lng.toFixed(6) : "";
    clear.hidden = !point;
  };
  const put = (point) => {
    if (pin) pin.setLatLng(point);
    else {
      pin = L.marker(point, { icon: pinIcon(), draggable: true, keyboard: false }).addTo(map);
      pin.on("dragend", () => write(pin.getLatLng()));
    }
    write(L.latLng(point));
    word.textContent = word.dataset.placed;
  };

  map.on("click", (event) => put(event.latlng));
  part.querySelector("[data-centre]").addEventListener("click", () => put(map.getCenter()));
  clear.addEventListener("click", () => {
    pin?.remove();
    pin = null;
    write(null);
    word.textContent = word.dataset.removed;
  });
  part.querySelector("[data-locate]").addEventListener("click", () => {
    const failed = () => { word.textContent = word.dataset.failed; };
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const point = [coords.latitude, coords.longitude];
      put(point);
      map.setView(point, 14);
    }, failed, { timeout: 15000 });
  });
  if (lat.value && lon.value) {
    put([Number(lat.value), Number(lon.value)]);
    map.setView([Number(lat.value), Number(lon.value)], 11);
  }
}

function show(part) {
  const { map, areas } = unfold(part);
  const point = L.latLng(Number(part.dataset.lat), Number(part.dataset.lon));
  L.marker(point, { icon: pinIcon(), interactive: false, keyboard: false }).addTo(map);
  const around = areas.getLayers().find((layer) => layer.getBounds().contains(point));
  if (around) map.fitBounds(around.getBounds().extend(point));
  else map.setView(point, 9);
}

function shade(sheet) {
  const outlines = read(sheet.dataset.areas);
  sheet.replaceChildren();
  drawAreas(open(sheet, outlines), outlines);
}

document.querySelectorAll("[data-picker]").forEach(pick);
document.querySelectorAll("[data-place]").forEach(show);
document.querySelectorAll("[data-areas]").forEach(shade);
