"""Addresses of the analyses."""

from django.urls import path

from zhike.analyze.views import funnel, lists, measures, overview, rfm, runs, segment_builder, segments

app_name = "analyze"
urlpatterns = [
    path("insight/", overview.overview, name="overview"),
    path("insight/rfm/", rfm.rfm, name="rfm"),
    path("insight/rfm/moved/<slug:before>/<slug:after>/", rfm.moved, name="moved"),
    path("insight/rfm/<str:public_id>/", rfm.rfm, name="rfm_of_run"),
    path("insight/rfm/<str:public_id>/download/", rfm.download, name="download"),
    path("insight/runs/", runs.runs, name="runs"),
    path("insight/runs/new/", runs.new, name="new_run"),
    path("insight/runs/<str:public_id>/progress/", runs.progress, name="progress"),
    path("insight/composition/", measures.composition, name="composition"),
    path("insight/composition/<str:public_id>/", measures.composition, name="composition_of_run"),
    path("insight/composition/<str:public_id>/people/", measures.people, name="people"),
    path("insight/value/", measures.value, name="value"),
    path("insight/value/<str:public_id>/", measures.value, name="value_of_run"),
    path("insight/products/", measures.products, name="products"),
    path("insight/products/costs/", measures.tell_costs, name="tell_costs"),
    path("insight/products/<str:public_id>/", measures.products, name="products_of_run"),
    path("insight/products/<str:public_id>/<int:product_id>/", measures.buyers, name="buyers"),
    path("insight/funnel/", funnel.funnel, name="funnel"),
    path("insight/funnel/time/", funnel.time_use, name="funnel_time"),
    path("insight/funnel/<str:public_id>/", funnel.funnel, name="funnel_of_run"),
    path("insight/funnel/<str:public_id>/people/", funnel.people, name="funnel_people"),
    path("insight/measures/<slug:kind>/new/", measures.new_measure, name="new_measure"),
    path("insight/measures/<slug:kind>/<str:public_id>/download/", measures.download_measure, name="download_measure"),
    path("insight/segments/", segments.segments, name="segments"),
    path("insight/segments/new/", segment_builder.new, name="segment_new"),
    path("insight/segments/shape/", segment_builder.shape, name="segment_shape"),
    path("insight/segments/count/", segment_builder.count, name="segment_count"),
    path("insight/segments/count/<int:number>/", segment_builder.counted, name="segment_counted"),
    path("insight/segments/of/<str:customer_id>/", segments.of_customer, name="segments_of_customer"),
    path("insight/segments/of/<str:customer_id>/why/", segments.why, name="segment_why"),
    path("insight/segments/<str:public_id>/", segments.segment, name="segment"),
    path("insight/segments/<str:public_id>/state/", segments.state, name="segment_state"),
    path("insight/segments/<str:public_id>/edit/", segment_builder.edit, name="segment_edit"),
    path("insight/segments/<str:public_id>/count/", segments.recount, name="segment_recount"),
    path("insight/segments/<str:public_id>/remove/", segments.remove, name="segment_remove"),
    path(
        "insight/segments/<str:public_id>/<str:before>/<str:after>/<slug:which>/",
        segments.difference,
        name="segment_difference",
    ),
    path("insight/lists/", lists.lists, name="lists"),
    path("insight/lists/<slug:kind>/", lists.lists, name="list"),
    path("insight/lists/<slug:kind>/<str:task_id>/", lists.outcome, name="outcome"),
]
